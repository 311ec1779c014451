"""The end of the seven days is decided by the instant, not by whether it is written (I-3.6, C-64).

2026-06-08 is a Monday; the answer of that day is followed by silence until the 16th.
"""

from dataclasses import replace

import pytest

from docket_events.clock import TicketAutoClosed
from docket_events.ticket import InformationProvided, InformationRequested, ResponseSent
from docket_lifecycle import commands
from docket_lifecycle.actions import actions
from docket_lifecycle.commands import OnTicket
from people import ANN, OLGA, REGISTERED, TUESDAY, UNDER_I, june, text
from sentences import Given, given, on

WORDS = text("some words")
ASKED = given(UNDER_I, REGISTERED, on(june(8, 12), InformationRequested("q1")))
ANSWERED = given(UNDER_I, REGISTERED, on(june(8, 12), ResponseSent()))
LAST_SECOND, OVER, MUCH_LATER = june(15, 23, 59, 59), june(16), june(30)

ACTS: list[tuple[Given, OnTicket]] = [
    (ANSWERED, commands.Reply(WORDS)),
    (ANSWERED, commands.Comment(WORDS)),
    (ANSWERED, commands.Revoke()),
    (ANSWERED, commands.GrantAccess("written")),
    (ASKED, commands.ProvideInformation("q1")),
]


@pytest.mark.parametrize(("story", "act"), ACTS, ids=[type(act).__name__ for _, act in ACTS])
def test_C_64_at_the_end_every_act_of_the_user_is_refused_with_the_clause_that_ended_it(
    story: Given, act: OnTicket
) -> None:
    assert isinstance(story.when(act, at=LAST_SECOND, by=ANN).answer, tuple)
    for late in (OVER, MUCH_LATER):
        story.when(act, at=late, by=ANN).then_refused("ticket_closed", "I-3.6")


def test_C_64_it_is_refused_by_the_same_clause_when_the_closing_is_written() -> None:
    closed = given(*ANSWERED.history, on(OVER, TicketAutoClosed("auto_no_reply", "I-3.6", OVER)))
    closed.when(commands.Reply(WORDS), at=MUCH_LATER, by=ANN).then_refused("ticket_closed", "I-3.6")
    closed.when(commands.Respond(WORDS), at=MUCH_LATER, by=OLGA).then_refused(
        "ticket_closed", "I-3.6"
    )


def test_C_64_what_is_shown_as_possible_says_the_same() -> None:
    for at, allowed in ((LAST_SECOND, True), (OVER, False)):
        shown = {
            action.verb: action
            for action in actions(
                ANSWERED.ticket, history=ANSWERED.history, at=at, actor=ANN, policy=ANSWERED.terms
            )
        }
        assert shown["reply"].allowed == allowed
        assert allowed or (shown["reply"].code, shown["reply"].clause) == ("ticket_closed", "I-3.6")


def test_C_64_the_provider_may_still_speak_before_the_closing_is_written() -> None:
    ANSWERED.when(commands.Respond(WORDS), at=MUCH_LATER, by=OLGA).then(ResponseSent(WORDS))


@pytest.mark.parametrize(
    "awaited",
    [commands.AwaitThirdParty("a bank"), commands.ConsultDevelopers()],
    ids=["a third party", "the developers"],
)
def test_C_64_no_user_is_cut_off_whose_ticket_waits_for_somebody_else(awaited: OnTicket) -> None:
    waiting = ANSWERED.when(awaited, at=TUESDAY, by=OLGA)
    assert isinstance(waiting.answer, tuple)
    story = waiting.then(*waiting.answer).when(commands.Reply(WORDS), at=MUCH_LATER, by=ANN)
    assert isinstance(story.answer, tuple)


def test_C_64_nor_one_who_is_sending() -> None:
    sending = given(*ASKED.history, on(TUESDAY, InformationProvided("q1", upload_pending=True)))
    story = sending.when(commands.CompleteUpload("q1"), at=MUCH_LATER, by=ANN)
    assert isinstance(story.answer, tuple)


def test_C_64_as_read_first_a_consultation_did_not_stop_it() -> None:
    first = given(replace(UNDER_I, readings_version=1), REGISTERED, on(june(8, 12), ResponseSent()))
    consulted = first.when(commands.ConsultDevelopers(), at=TUESDAY, by=OLGA)
    assert isinstance(consulted.answer, tuple)
    consulted.then(*consulted.answer).when(
        commands.Reply(WORDS), at=MUCH_LATER, by=ANN
    ).then_refused("ticket_closed", "I-3.6")
