"""The timers of pack R: what arms them, what disarms them, and at which second they fire."""

import pytest

from docket_events.recorded import Fact
from docket_policies.deadlines.timers import Timer, timers
from histories import at, happened, written
from people import REGULATIONS as R

HIGH = (
    happened("2026-06-08T09:00:00Z", "TicketCreated"),
    happened("2026-06-08T09:00:00Z", "RegistrationNoticeSent"),
    happened("2026-06-08T09:00:00Z", "PriorityChanged", to="High"),
)

ASKED = happened("2026-06-08T10:00:00Z", "InformationRequested", request="q1")


def armed(*later: Fact) -> dict[str, str | None]:
    """Return the armed timers of a high ticket: name and key to the instant of firing."""
    return {f"{t.name} {t.key}": written(t.fires_at) for t in timers((*HIGH, *later), R)}


def test_a_running_clock_warns_at_its_share_and_fires_a_second_after_the_deadline() -> None:
    assert timers(HIGH, R) == (
        Timer(
            "ResponseDueSoon",
            "1",
            at("2026-06-09T12:00:00Z"),
            "R-6.7-HIGH",
            at("2026-06-09T16:00:00Z"),
        ),
        Timer(
            "ResponseOverdue",
            "1",
            at("2026-06-09T16:00:01Z"),
            "R-6.7-HIGH",
            at("2026-06-09T16:00:00Z"),
        ),
    )


def test_nothing_is_armed_before_the_clock_has_started() -> None:
    assert timers(HIGH[:1], R) == ()
    assert timers((), R) == ()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("ResponseSent", {}),
        ("TicketSuspended", {}),
        ("TicketRevoked", {}),
        ("ThirdPartyWaitStarted", {"id": "v1"}),
        ("CauseUnknownDeclared", {}),
        ("UncoordinatedChangeRecorded", {}),
    ],
)
def test_what_stops_the_clock_disarms_its_timers(kind: str, data: dict[str, str]) -> None:
    assert armed(happened("2026-06-08T12:00:00Z", kind, **data)) == {}


def test_R_6_8_d_during_an_agreed_wait_the_deadline_is_known_and_watched() -> None:
    agreed = happened(
        "2026-06-08T12:00:00Z", "OperationScheduled", agreed_for="2026-06-10T02:00:00Z"
    )
    assert armed(agreed) == {
        "ResponseDueSoon 1": "2026-06-10T18:00:00Z",
        "ResponseOverdue 1": "2026-06-11T13:00:01Z",
    }


def test_a_new_turn_has_its_own_timers() -> None:
    replied = (
        happened("2026-06-08T12:00:00Z", "ResponseSent"),
        happened("2026-06-10T09:00:00Z", "UserReplied"),
    )
    assert armed(*replied) == {
        "ResponseDueSoon 2": "2026-06-11T12:00:00Z",
        "ResponseOverdue 2": "2026-06-11T16:00:01Z",
    }


def test_what_was_told_is_not_armed_again() -> None:
    soon = happened(
        "2026-06-09T12:00:00Z",
        "ResponseDueSoon",
        turn=1,
        due_at="2026-06-09T16:00:00Z",
        clause="R-6.7-HIGH",
    )
    assert armed(soon) == {"ResponseOverdue 1": "2026-06-09T16:00:01Z"}
    over = happened(
        "2026-06-09T16:00:01Z",
        "ResponseOverdue",
        turn=1,
        due_at="2026-06-09T16:00:00Z",
        clause="R-6.7-HIGH",
    )
    assert armed(soon, over) == {}
    lowered = happened("2026-06-09T17:00:00Z", "PriorityChanged", to="Low")
    assert armed(soon, over, lowered) == {
        "BreachWithdrawn 1": "2026-06-09T17:00:00Z",
        "ResponseOverdue 1": "2026-06-11T14:00:01Z",
    }


def test_C_09_a_deadline_known_too_late_rings_when_it_became_known_and_gives_no_warning() -> None:
    history = (
        happened("2026-06-12T17:00:00Z", "TicketCreated"),
        happened("2026-06-12T17:00:00Z", "RegistrationNoticeSent"),
        happened("2026-06-15T09:00:00Z", "PriorityChanged", to="Emergency"),
    )
    (timer,) = timers(history, R)
    assert (timer.name, written(timer.fires_at), written(timer.due_at)) == (
        "ResponseOverdue",
        "2026-06-15T09:00:00Z",
        "2026-06-13T01:00:00Z",
    )


@pytest.mark.parametrize(
    ("raised", "armed_then"),
    [
        (
            "2026-06-09T15:59:59Z",
            {
                "ResponseDueSoon 1": "2026-06-09T15:59:59Z",
                "ResponseOverdue 1": "2026-06-09T16:00:01Z",
            },
        ),
        ("2026-06-09T16:00:00Z", {"ResponseOverdue 1": "2026-06-09T16:00:01Z"}),
    ],
)
def test_C_09_a_deadline_that_is_known_when_it_comes_gives_no_warning(
    raised: str, armed_then: dict[str, str]
) -> None:
    """A second before it still does."""
    history = (*HIGH[:2], happened(raised, "PriorityChanged", to="High"))

    armed = {f"{timer.name} {timer.key}": written(timer.fires_at) for timer in timers(history, R)}
    assert armed == armed_then


def test_R_3_4_an_individual_deadline_is_watched() -> None:
    agreed = happened(
        "2026-06-08T14:00:00Z", "IndividualDeadlineSet", deadline="2026-07-01T12:00:00Z"
    )
    (timer,) = timers((*HIGH, agreed), R)
    assert (timer.name, written(timer.fires_at), timer.clause) == (
        "ResponseOverdue",
        "2026-07-01T12:00:01Z",
        "R-3.4",
    )


def test_R_6_9_b_a_request_is_watched_until_the_second_after_its_last_valid_instant() -> None:
    (timer,) = timers((*HIGH, ASKED), R)
    assert timer == Timer(
        "InformationDeadlinePassed",
        "q1",
        at("2026-06-11T10:00:01Z"),
        "R-6.9-b",
        at("2026-06-11T10:00:00Z"),
    )


def test_R_6_9_b_the_deadline_that_was_written_when_asking_counts() -> None:
    asked = happened(
        "2026-06-08T10:00:00Z",
        "InformationRequested",
        request="q1",
        deadline="2026-06-12T10:00:00Z",
    )
    assert armed(asked) == {"InformationDeadlinePassed q1": "2026-06-12T10:00:01Z"}


def test_C_07_the_hours_for_information_run_on_while_the_ticket_is_suspended_or_void() -> None:
    for kind in ("TicketSuspended", "UncoordinatedChangeRecorded"):
        later = happened("2026-06-08T11:00:00Z", kind)
        assert armed(ASKED, later) == {"InformationDeadlinePassed q1": "2026-06-11T10:00:01Z"}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("InformationProvided", {"request": "q1", "upload_pending": True}),
        ("TicketRevoked", {}),
        (
            "InformationDeadlinePassed",
            {"request": "q1", "deadline": "2026-06-11T10:00:00Z", "clause": "R-6.9-b"},
        ),
    ],
)
def test_R_6_9_b_an_answer_an_end_or_having_been_told_disarms(
    kind: str, data: dict[str, object]
) -> None:
    assert armed(ASKED, happened("2026-06-08T12:00:00Z", kind, **data)) == {}


def closing(until: str | None) -> Fact:
    data = {} if until is None else {"objections_until": until}
    return happened("2026-06-09T18:03:00Z", "ClosureNoticeSent", **data)


def test_R_6_10_b_a_closing_becomes_final_at_the_exclusive_end_of_its_window() -> None:
    (timer,) = timers((*HIGH, closing(None)), R)
    assert (timer.name, written(timer.fires_at), timer.clause) == (
        "ClosureBecameFinal",
        "2026-06-15T00:00:00Z",
        "R-6.10-b",
    )
    (written_then,) = timers((*HIGH, closing("2026-06-16T00:00:00Z")), R)
    assert written(written_then.fires_at) == "2026-06-16T00:00:00Z"


def test_R_6_10_b_a_final_closing_is_watched_no_more() -> None:
    assert armed(closing(None), happened("2026-06-15T00:00:00Z", "ClosureBecameFinal")) == {}


def test_C_22_an_objection_disarms_the_window_and_its_refusal_arms_it_as_it_was() -> None:
    objected = happened("2026-06-12T09:00:00Z", "ObjectionAccepted")
    refused = happened("2026-06-16T09:00:00Z", "ObjectionRefused")
    assert {name.split()[0] for name in armed(closing(None), objected)} == {
        "ResponseDueSoon",
        "ResponseOverdue",
    }
    (timer,) = timers((*HIGH, closing(None), objected, refused), R)
    assert (timer.name, written(timer.fires_at)) == ("ClosureBecameFinal", "2026-06-15T00:00:00Z")


def test_a_closing_that_is_only_decided_leaves_the_clock_running() -> None:
    decided = happened("2026-06-08T12:00:00Z", "ClosureDecided")
    assert "ResponseOverdue 1" in armed(decided)
