"""Responses, replies and comments: who has the ball (R-1.14, C-04, C-06, C-62)."""

import pytest

from docket_events.desk import CommentAdded, InternalNoteAdded
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Event
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    ResponseSent,
    TicketResumed,
    TicketSuspended,
    UserCommented,
    UserReplied,
)
from docket_lifecycle.commands import Comment, Note, OnTicket, Reply, Respond
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from people import ANN, CREATED, NOTICE, OLGA, PETRA, REGISTERED, TUESDAY, UNDER_I, WEDNESDAY, text
from sentences import given

WORDS = text("some words")


def test_R_1_14_a_response_ends_the_turn_and_a_reply_begins_the_next() -> None:
    story = given(CREATED, REGISTERED).when(Respond(WORDS), at=TUESDAY, by=OLGA)
    story = story.then(ResponseSent(WORDS)).when(Reply(WORDS), at=WEDNESDAY, by=ANN)
    assert story.then(UserReplied(WORDS)).ticket.waiting_for == "provider"


def test_a_response_may_propose_a_solution() -> None:
    given(CREATED).when(Respond(WORDS, proposes_solution=True), at=TUESDAY, by=OLGA).then(
        ResponseSent(WORDS, proposes_solution=True)
    )


def test_a_second_response_is_one_more_message() -> None:
    given(CREATED, ResponseSent(WORDS)).when(Respond(WORDS), at=TUESDAY, by=OLGA).then(
        ResponseSent(WORDS)
    )


def test_C_06_a_message_while_the_provider_works_is_a_comment() -> None:
    given(CREATED, REGISTERED).when(Reply(WORDS), at=TUESDAY, by=ANN).then(UserCommented(WORDS))


def test_C_06_a_second_message_after_a_reply_is_a_comment() -> None:
    given(CREATED, ResponseSent(), UserReplied()).when(Reply(WORDS), at=TUESDAY, by=ANN).then(
        UserCommented(WORDS)
    )


def test_C_06_a_message_is_no_answer_to_an_information_request() -> None:
    given(CREATED, InformationRequested("q1")).when(Reply(WORDS), at=TUESDAY, by=ANN).then(
        UserCommented(WORDS)
    )


def test_C_62_a_comment_to_a_response_is_a_reply_and_brings_the_ball_back() -> None:
    story = given(CREATED, ResponseSent()).when(Comment(WORDS), at=TUESDAY, by=ANN)
    assert story.then(UserReplied(WORDS)).ticket.waiting_for == "provider"


def test_C_62_a_comment_beside_an_open_request_leaves_the_ball_with_the_user() -> None:
    for under_way in ((), (InformationProvided("q1", upload_pending=True),)):
        asked = given(CREATED, ResponseSent(), InformationRequested("q1"), *under_way)
        story = asked.when(Comment(WORDS), at=TUESDAY, by=ANN)
        assert story.then(UserCommented(WORDS)).ticket.waiting_for == "user"


@pytest.mark.parametrize("happened", [(), (ResponseSent(),), (InformationRequested("q1"),)])
def test_C_64_an_agents_comment_leaves_the_ball_where_it_is(happened: tuple[Event, ...]) -> None:
    before = given(CREATED, REGISTERED, *happened)
    after = before.when(Comment(WORDS), at=TUESDAY, by=OLGA).then(CommentAdded("agent", WORDS))
    assert after.ticket.waiting_for == before.ticket.waiting_for


SAID: list[OnTicket] = [Reply(WORDS), Comment(WORDS)]


@pytest.mark.parametrize("said", SAID, ids=["reply", "comment"])
@pytest.mark.parametrize(
    ("happened", "event"),
    [
        ((), UserCommented(WORDS)),
        ((REGISTERED,), UserCommented(WORDS)),
        ((REGISTERED, ResponseSent()), UserReplied(WORDS)),
        ((REGISTERED, ResponseSent(), UserReplied()), UserCommented(WORDS)),
        (
            (REGISTERED, ResponseSent(), TicketSuspended("ann"), TicketResumed("ann")),
            UserReplied(WORDS),
        ),
        ((REGISTERED, ResponseSent(), InformationRequested("q1")), UserCommented(WORDS)),
        (
            (REGISTERED, InformationRequested("q1"), InformationProvided("q1")),
            UserCommented(WORDS),
        ),
        ((REGISTERED, ResponseSent(), TicketSuspended("ann")), UserReplied(WORDS)),
    ],
    ids=[
        "before it is registered",
        "while the provider works",
        "to a response",
        "after a reply",
        "to a response, after a resumption",
        "beside a request",
        "after an answer",
        "to a response, while it is suspended",
    ],
)
def test_C_62_what_a_message_is_depends_on_whose_turn_it_is_not_on_the_verb(
    said: OnTicket, happened: tuple[Event, ...], event: Event
) -> None:
    given(CREATED, *happened).when(said, at=TUESDAY, by=ANN).then(event)


@pytest.mark.parametrize("said", SAID, ids=["reply", "comment"])
def test_C_62_under_pack_I_either_of_them_opens_the_turn_that_disarms_the_silence(
    said: OnTicket,
) -> None:
    answered = given(UNDER_I, REGISTERED, ResponseSent())
    story = answered.when(said, at=TUESDAY, by=ANN).then(UserReplied(WORDS))

    assert [timer.name for timer in timers(answered.history, answered.terms)] == [
        "TicketAutoClosed"
    ]
    clock = response_clock(story.history, story.terms, TUESDAY)
    assert (clock.state, clock.turn) == ("running", 2)
    armed = {timer.name for timer in timers(story.history, story.terms)}
    assert armed == {"ResponseDueSoon", "ResponseOverdue"}


def test_a_note_moves_nothing_and_may_come_after_the_end() -> None:
    closed = given(CREATED, REGISTERED, ClosureNoticeSent(TUESDAY, NOTICE))

    noted = closed.when(Note(WORDS), at=WEDNESDAY, by=PETRA).then(InternalNoteAdded(WORDS))

    assert (noted.ticket.status, noted.ticket.waiting_for) == ("closed", "provider")
    noted.when(Note(WORDS), at=WEDNESDAY, by=OLGA).then(InternalNoteAdded(WORDS))


def test_a_user_writes_no_notes() -> None:
    given(CREATED).when(Note(WORDS), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "R-6.7-b"
    )
