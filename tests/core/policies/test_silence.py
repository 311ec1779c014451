"""Closing for silence under pack I: seven days from the date of the last response (I-3.6, C-33).

2026-06-10 is a Wednesday.
"""

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import silent_until, timers
from histories import happened, written
from people import INFRASTRUCTURE
from people import REGULATIONS as R

FILE = "01978a6e-6c00-7000-8000-00000000000{}"
CREATED = happened("2026-06-10T09:00:00Z", "TicketCreated", priority="High")
NOTICE = happened("2026-06-10T09:00:00Z", "RegistrationNoticeSent")
ANSWERED = happened("2026-06-10T14:37:00Z", "ResponseSent")


def closes_at(*later: Fact) -> str | None:
    armed = timers((CREATED, NOTICE, *later), INFRASTRUCTURE)
    closing = [timer for timer in armed if timer.name == "TicketAutoClosed"]
    assert all((timer.key, timer.clause) == ("auto_no_reply", "I-3.6") for timer in closing)
    return written(closing[0].fires_at) if closing else None


def test_I_3_6_the_eighth_day_after_the_last_response_closes_the_ticket() -> None:
    assert closes_at(ANSWERED) == "2026-06-18T00:00:00Z"


def test_I_3_6_each_response_begins_the_days_anew() -> None:
    again = happened("2026-06-12T08:00:00Z", "ResponseSent")
    assert closes_at(ANSWERED, again) == "2026-06-20T00:00:00Z"


def test_C_33_a_request_that_nobody_answers_closes_the_ticket_too() -> None:
    asked = happened("2026-06-11T23:59:59Z", "InformationRequested", request="q1")
    assert closes_at(asked) == "2026-06-19T00:00:00Z"
    not_enough = (
        happened("2026-06-12T09:00:00Z", "InformationProvided", request="q1"),
        happened("2026-06-13T09:00:00Z", "InformationRejected", request="q1"),
    )
    assert closes_at(asked, *not_enough) == "2026-06-21T00:00:00Z"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("UserReplied", {}),
        ("UserCommented", {}),
        ("CommentAdded", {"by": "user"}),
        ("ForwardedToRelevantTeam", {}),
        ("TicketRevoked", {}),
        ("TicketRejected", {}),
        ("ClosureNoticeSent", {}),
        ("TicketAutoClosed", {}),
    ],
)
def test_I_3_6_a_word_of_the_user_forwarding_or_an_end_disarms(
    kind: str, data: dict[str, str]
) -> None:
    assert closes_at(ANSWERED, happened("2026-06-11T09:00:00Z", kind, **data)) is None


@pytest.mark.parametrize("pending", [True, False])
def test_I_3_6_whoever_is_sending_is_not_silent(pending: bool) -> None:
    asked = happened("2026-06-10T10:00:00Z", "InformationRequested", request="q1")
    sent = happened(
        "2026-06-11T10:00:00Z", "InformationProvided", request="q1", upload_pending=pending
    )
    assert closes_at(asked, sent) is None


def test_I_3_6_a_ticket_with_the_provider_never_closes_for_silence() -> None:
    assert closes_at() is None
    assert closes_at(happened("2026-06-11T09:00:00Z", "CommentAdded", by="agent")) is None


AWAITED = {
    "developers": (
        [happened("2026-06-10T15:00:00Z", "DeveloperConsultationStarted")],
        happened("2026-06-12T15:00:00Z", "DeveloperConsultationEnded"),
    ),
    "a third party": (
        [happened("2026-06-10T15:00:00Z", "ThirdPartyWaitStarted", id="v1")],
        happened("2026-06-12T15:00:00Z", "ThirdPartyResponseReceived", id="v1"),
    ),
    "an agreed hour": (
        [happened("2026-06-10T15:00:00Z", "OperationScheduled", agreed_for="2026-06-13T15:00:00Z")],
        happened("2026-06-12T15:00:00Z", "OperationCancelled"),
    ),
    "a relevant team": (
        [happened("2026-06-10T15:00:00Z", "ForwardedToRelevantTeam")],
        happened("2026-06-12T15:00:00Z", "ReturnedFromRelevantTeam"),
    ),
    "an upload": (
        [
            happened("2026-06-10T15:00:00Z", "InformationRequested", request="q1"),
            happened(
                "2026-06-10T16:00:00Z", "InformationProvided", request="q1", upload_pending=True
            ),
        ],
        happened("2026-06-12T15:00:00Z", "InformationRejected", request="q1"),
    ),
}
"""What else may be awaited after a response, and what ends it."""


@pytest.mark.parametrize("name", AWAITED)
def test_C_64_the_user_is_not_silent_while_something_else_is_awaited(name: str) -> None:
    begun, _ = AWAITED[name]
    message = happened("2026-06-11T09:00:00Z", "CommentAdded", by="agent")
    assert closes_at(ANSWERED, *begun) is None
    assert closes_at(ANSWERED, *begun, message) is None, "a message then arms nothing"


@pytest.mark.parametrize("name", [name for name in AWAITED if name != "an upload"])
def test_C_64_the_end_of_that_wait_arms_nothing_but_the_next_message(name: str) -> None:
    begun, ended = AWAITED[name]
    again = happened("2026-06-13T16:00:00Z", "ResponseSent")
    assert closes_at(ANSWERED, *begun, ended) is None
    assert closes_at(ANSWERED, *begun, ended, again) == "2026-06-21T00:00:00Z"


def test_C_64_the_rejection_of_what_was_being_uploaded_is_itself_a_message() -> None:
    begun, rejected = AWAITED["an upload"]
    assert closes_at(ANSWERED, *begun, rejected) == "2026-06-20T00:00:00Z"


def test_C_64_a_comment_of_the_agent_arms_it_where_the_ball_is_with_the_user() -> None:
    begun, ended = AWAITED["developers"]
    comment = happened("2026-06-13T09:00:00Z", "CommentAdded", by="agent")
    assert closes_at(ANSWERED, *begun, ended, comment) == "2026-06-21T00:00:00Z"
    replied = happened("2026-06-12T16:00:00Z", "UserReplied")
    assert closes_at(ANSWERED, *begun, ended, replied, comment) is None


def test_C_33_as_read_first_a_consultation_disarmed_nothing() -> None:
    history = (CREATED, NOTICE, ANSWERED, *AWAITED["developers"][0])
    (timer,) = timers(history, INFRASTRUCTURE.as_read(1))
    assert written(timer.fires_at) == "2026-06-18T00:00:00Z"


def test_a_comment_of_the_provider_after_its_response_begins_the_days_anew() -> None:
    comment = happened("2026-06-11T09:00:00Z", "CommentAdded", by="agent")
    assert closes_at(ANSWERED, comment) == "2026-06-19T00:00:00Z"


def test_R_68_pack_r_closes_nothing_for_silence() -> None:
    assert timers((CREATED, NOTICE, ANSWERED), R) == ()
    assert silent_until(R, ANSWERED.occurred_at) is None


def test_I_3_6_a_ticket_closed_for_silence_is_closed_and_its_copies_are_due_to_go() -> None:
    closed = happened("2026-06-18T00:00:00Z", "TicketAutoClosed", reason="auto_no_reply")
    history = (CREATED, NOTICE, ANSWERED, closed)
    told = response_clock(history, INFRASTRUCTURE, closed.occurred_at)
    assert (told.state, written(told.ended_at), told.overdue) == (
        "closed",
        "2026-06-10T14:37:00Z",
        False,
    )
    (timer,) = timers(history, INFRASTRUCTURE)
    assert (timer.name, timer.clause) == ("AttachmentErasureDue", "I-3.9.1-b")
    erased = happened("2026-06-18T01:00:00Z", "AttachmentErased", content_ids=[], why="resolved")
    assert timers((*history, erased), INFRASTRUCTURE) == ()


def test_I_3_9_1_b_what_was_erased_by_hand_after_the_end_leaves_the_rest_due() -> None:
    files = [{"id": FILE.format(n), "digest": "0" * 64} for n in (1, 2)]
    sent = happened("2026-06-10T10:00:00Z", "UserCommented", attachments=files)
    closed = happened("2026-06-18T00:00:00Z", "TicketAutoClosed", reason="auto_no_reply")
    history = (CREATED, NOTICE, sent, closed)
    for n, left in ((1, ["AttachmentErasureDue"]), (2, [])):
        by_hand = {"content_ids": [FILE.format(n)], "why": "person_asked"}
        history = (*history, happened("2026-06-19T01:00:00Z", "AttachmentErased", **by_hand))
        assert [timer.name for timer in timers(history, INFRASTRUCTURE)] == left


@pytest.mark.parametrize("second", ["2026-06-18T00:00:00Z", "2026-06-18T00:00:01Z"])
def test_I_3_9_1_b_what_was_erased_when_the_ticket_ended_is_due_no_more(second: str) -> None:
    closed = happened("2026-06-18T00:00:00Z", "TicketAutoClosed", reason="auto_no_reply")
    erased = happened(second, "AttachmentErased", content_ids=[], why="resolved")

    assert timers((CREATED, NOTICE, closed, erased), INFRASTRUCTURE) == ()


@pytest.mark.parametrize(
    ("released", "clause"),
    [("2026-06-18T00:00:00Z", "I-3.9.1-b"), ("2026-06-18T00:00:01Z", "I-3.9.1-c")],
)
def test_I_3_9_1_c_only_an_update_after_the_end_holds_the_erasing_up(
    released: str, clause: str
) -> None:
    linked = happened("2026-06-10T10:00:00Z", "DefectLinked", plan_reference="VM-1")
    closed = happened("2026-06-18T00:00:00Z", "TicketAutoClosed", reason="auto_no_reply")
    out = happened(released, "UpdateReleased", plan_reference="VM-1")

    (timer,) = timers((CREATED, NOTICE, linked, closed, out), INFRASTRUCTURE)
    assert (written(timer.fires_at), timer.clause) == (released, clause)
