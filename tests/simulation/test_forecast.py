"""The deadlines ahead: each is where the clock really turns, and each stands in its hour."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docket_events.codec import from_data
from docket_events.recorded import Fact
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import response_clock
from docket_policies.terms.loader import policy_of
from docket_simulation.what_if.forecast import RESPONSE, deadlines, forecast

MONDAY = datetime(2026, 6, 8, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTICE_ID = "00000000-0000-7000-8000-000000000001"
CREATED = {
    "account_id": "acme",
    "requester_id": "ann",
    "channel": "client_area",
    "product": "VMmanager 6",
    "priority": "Low",
    "pack": "regulations",
    "revision": "R-2025-03-27",
}

Told = tuple[Ticket, Sequence[Fact]]


def told(number: str, began: datetime, *later: tuple[timedelta, str, dict[str, str]]) -> Told:
    """Return a ticket that was created and registered at an instant, and its history."""
    facts = [
        Fact(from_data("TicketCreated", {"number": number, **CREATED}), began),
        Fact(
            from_data(
                "RegistrationNoticeSent",
                {"sent_at": began.strftime("%Y-%m-%dT%H:%M:%SZ"), "notice_id": NOTICE_ID},
            ),
            began,
        ),
        *(Fact(from_data(kind, data), began + after) for after, kind, data in later),
    ]
    ticket = fold(UUID(int=1), facts)
    assert ticket is not None
    return ticket, facts


def high(after: timedelta = timedelta()) -> tuple[timedelta, str, dict[str, str]]:
    return after, "PriorityChanged", {"to": "High", "reason": "it is"}


@given(
    began=st.integers(0, 20_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    priority=st.sampled_from(["Emergency", "High", "Medium", "Low"]),
    wait=st.integers(0, 6_000),
    length=st.none() | st.integers(1, 6_000),
)
def test_R_6_7_if_nothing_happens_the_clock_turns_overdue_right_after_the_deadline(
    began: datetime, priority: str, wait: int, length: int | None
) -> None:
    later = [(timedelta(), "PriorityChanged", {"to": priority, "reason": "it is"})]
    if length is not None:
        start = timedelta(minutes=wait)
        end = start + timedelta(minutes=length)
        later += [
            (start, "ThirdPartyWaitStarted", {"id": "w1", "party": "vendor"}),
            (end, "ThirdPartyResponseReceived", {"id": "w1", "party": "vendor"}),
        ]
    ticket, history = told("1", began, *later)
    at = history[-1].occurred_at
    terms = policy_of(ticket)

    (due,) = deadlines(ticket, history, at)

    assert due.what == RESPONSE
    assert not response_clock(history, terms, due.due_at).overdue
    assert response_clock(history, terms, due.due_at + SECOND).overdue


def test_what_waits_without_a_date_has_no_deadline() -> None:
    waiting = told(
        "1", MONDAY, (timedelta(hours=1), "ThirdPartyWaitStarted", {"id": "w1", "party": "v"})
    )

    assert deadlines(*waiting, MONDAY + timedelta(hours=2)) == ()


def test_R_6_9_b_the_users_own_deadline_is_told_when_it_is_asked_for() -> None:
    asked = told("1", MONDAY, (timedelta(hours=1), "InformationRequested", {"request": "q1"}))

    (due,) = deadlines(*asked, MONDAY + timedelta(hours=2))

    assert (due.what, due.due_at) == ("InformationDeadlinePassed", MONDAY + timedelta(hours=73))
    until = MONDAY + timedelta(days=7)
    assert forecast([due], MONDAY, until).hours == ()
    assert len(forecast([due], MONDAY, until, what=["InformationDeadlinePassed"]).hours) == 1


def test_deadlines_stand_in_their_hour_by_team_and_priority() -> None:
    escalated = (timedelta(), "ProductTeamEscalated", {})
    stories = [
        told("A", MONDAY, high()),
        told("B", MONDAY + timedelta(minutes=7), high()),
        told("C", MONDAY, high(), escalated),
        told("D", MONDAY),
        told("E", MONDAY - timedelta(days=7), high()),
    ]
    at = MONDAY + timedelta(hours=1)

    seen = forecast(
        [due for story in stories for due in deadlines(*story, at)], at, at + timedelta(days=7)
    )

    cells = {(cell.from_, cell.team, cell.priority): cell.tickets for cell in seen.hours}
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    assert cells.pop((tuesday.replace(hour=16), "desk", "High")) == ("A", "B")
    assert cells.pop((thursday.replace(hour=14), "desk", "Low")) == ("D",)
    ((_, team, priority), tickets) = cells.popitem()
    assert (team, priority, tickets) == ("product_team", "High", ("C",))
    assert not cells
    assert [due.ticket for due in seen.late] == ["E"]


@pytest.mark.parametrize("stretch", [timedelta(), timedelta(days=-1), timedelta(days=400)])
def test_a_stretch_that_is_none_is_refused(stretch: timedelta) -> None:
    with pytest.raises(ValueError, match="until"):
        forecast([], MONDAY, MONDAY + stretch)
