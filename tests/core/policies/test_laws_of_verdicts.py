"""The verdict on a turn is given once: nothing that is done afterwards gives or takes a breach.

R-1.14, C-11, C-55, C-56. For whatever happened to a ticket before, under both packs:

* a turn whose duty has ended keeps priority, budget, deadline and verdict, whatever happens later;
* no division, combination, rejection, refusal or suspension gives or takes a breach at its instant.

What the terms give and take themselves is left out: a priority, an individual deadline or an
extension while the provider still owes the answer (C-09, R-3.4, I-3.5-c), evidence that is told
late (C-09).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from drawn_tickets import Told, tickets
from hypothesis import given, settings
from hypothesis import strategies as st
from random_histories import BOUNDED

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import TurnClock, response_clock
from histories import happened

FEW, MANY = settings(BOUNDED, max_examples=60), settings(BOUNDED, max_examples=2_000)
MINUTE = timedelta(minutes=1)

GAPS = st.sampled_from([0, 1, 59, 180, 600, 1_440, 4_320, 10_080])
PRIORITIES = st.sampled_from(["Emergency", "High", "Medium", "Low"])
REQUESTS = st.sampled_from(["q1", "q2", "q3", "m1"])

Act = tuple[str, dict[str, Any]]


def one(kind: str, **data: Any) -> st.SearchStrategy[Act]:
    return st.just((kind, data))


def about_a_request(kind: str) -> st.SearchStrategy[Act]:
    return REQUESTS.map(lambda request: (kind, {"request": request}))


PRIORITY: st.SearchStrategy[Act] = PRIORITIES.map(lambda to: ("PriorityChanged", {"to": to}))
MERGED: st.SearchStrategy[Act] = st.tuples(PRIORITIES, st.booleans()).map(
    lambda drawn: ("TicketsMerged", {"priority": drawn[0], "answered": drawn[1]})
)
TAKING_BACK = (
    one("TicketSplit"),
    about_a_request("InformationRejected"),
    one("ObjectionRefused"),
    one("TicketSuspended"),
    one("TicketResumed"),
)
OTHERS = (
    PRIORITY,
    MERGED,
    one("MergedInto"),
    one("ResponseSent"),
    one("UserReplied"),
    one("UserCommented"),
    about_a_request("InformationRequested"),
    about_a_request("InformationProvided"),
    one("ThirdPartyWaitStarted", id="v8"),
    one("ThirdPartyResponseReceived", id="v8"),
    one("CauseUnknownDeclared"),
    one("OperationScheduled", agreed_for="2027-03-01T12:00:00Z"),
    one("ProductTeamEscalated"),
    one("DeveloperConsultationStarted"),
    one("ForwardedToRelevantTeam"),
    one("ReturnedFromRelevantTeam"),
    one("PeriodExtended", seconds=7_200),
    one("IndividualDeadlineSet", deadline="2027-03-01T12:00:00Z"),
    one("UncoordinatedChangeRecorded"),
    one("ClosureNoticeSent"),
    one("ObjectionAccepted"),
    one("TicketRevoked"),
)
ENDS_THE_DUTY = st.one_of(
    one("ResponseSent"),
    about_a_request("InformationRequested"),
    one("ClosureNoticeSent"),
    one("TicketSplit"),
)
LATER = st.lists(
    st.tuples(GAPS, st.one_of(PRIORITY, st.one_of(*TAKING_BACK, *OTHERS))), min_size=2, max_size=6
)
"""Half of what happens later is a priority, for that is what once judged a turn again."""

REOPENED = st.lists(GAPS, min_size=3, max_size=3)
PACKS = tickets("R") | tickets("I")


def told_later(since: datetime, acts: Sequence[tuple[int, Act]]) -> tuple[Fact, ...]:
    facts, at = [], since
    for gap, (kind, data) in acts:
        at += gap * MINUTE
        said = {"created_at": [at.isoformat()], **data} if kind == "TicketsMerged" else data
        facts.append(happened(at.isoformat(), kind, **said))
    return tuple(facts)


def verdict(turn: TurnClock) -> tuple[object, ...]:
    """Return the verdict on a turn, and by what it was judged.

    One that a request held from its first instant was never judged: what is agreed while it is held
    is its deadline (C-58).
    """
    begun = max(turn.started_at, turn.cause.occurred_at)
    if turn.answered_at is not None and turn.answered_at <= begun:
        return turn.breached_at, turn.void
    return turn.priority, turn.budget_s, turn.due_at, turn.breached_at, turn.void


def no_verdict_changes(
    told: Told, ended: tuple[int, Act], acts: Sequence[tuple[int, Act]], asked: int
) -> None:
    history = (*told.history, *told_later(told.now, [ended]))
    since = history[-1].occurred_at + MINUTE  # at one instant the order recorded decides
    later = told_later(since, acts)
    before = response_clock(history, told.terms, since).turns
    end = max([since, *(fact.occurred_at for fact in later)]) + asked * MINUTE
    after = response_clock((*history, *later), told.terms, end).turns
    for turn, then in zip(before, after, strict=False):
        if turn.answered_at is not None or turn.ended_at is not None:
            assert verdict(then) == verdict(turn)


def no_breach_is_given_or_taken(told: Told, gap: int, act: Act) -> None:
    at = told.now + gap * MINUTE
    before = response_clock(told.history, told.terms, at).turns
    after = response_clock((*told.history, *told_later(at, [(0, act)])), told.terms, at).turns
    known = len(before)
    assert [turn.is_breach for turn in after[:known]] == [turn.is_breach for turn in before]
    assert not any(turn.is_breach for turn in after[known:]), "a turn that begins is not overdue"


def an_objection_takes_no_breach_away(told: Told, gaps: Sequence[int], late: int) -> None:
    """Close the ticket, object, and refuse the objection some time later."""
    kinds = ("ClosureNoticeSent", "ObjectionAccepted")
    reopened = told_later(told.now, [(g, (k, {})) for g, k in zip(gaps, kinds, strict=False)])
    history = (*told.history, *reopened)
    standing = Told(history, reopened[-1].occurred_at, told.edition)
    no_breach_is_given_or_taken(standing, late, ("ObjectionRefused", {}))


@given(told=PACKS, ended=st.tuples(GAPS, ENDS_THE_DUTY), acts=LATER, asked=GAPS)
@FEW
def test_C_55_a_turn_whose_duty_has_ended_keeps_its_verdict(
    told: Told, ended: tuple[int, Act], acts: list[tuple[int, Act]], asked: int
) -> None:
    no_verdict_changes(told, ended, acts, asked)


@given(told=PACKS, gap=GAPS, act=st.one_of(*TAKING_BACK))
@FEW
def test_C_56_no_division_rejection_refusal_or_suspension_gives_or_takes_a_breach(
    told: Told, gap: int, act: Act
) -> None:
    no_breach_is_given_or_taken(told, gap, act)


@given(told=PACKS, gaps=REOPENED, late=GAPS)
@FEW
def test_C_22_refusing_an_objection_after_its_deadline_takes_no_breach_away(
    told: Told, gaps: list[int], late: int
) -> None:
    an_objection_takes_no_breach_away(told, gaps, late)


@pytest.mark.full
@given(told=PACKS, ended=st.tuples(GAPS, ENDS_THE_DUTY), acts=LATER, asked=GAPS)
@MANY
def test_C_55_in_two_thousand_histories_no_verdict_changes(
    told: Told, ended: tuple[int, Act], acts: list[tuple[int, Act]], asked: int
) -> None:
    no_verdict_changes(told, ended, acts, asked)


@pytest.mark.full
@given(told=PACKS, gap=GAPS, act=st.one_of(*TAKING_BACK))
@MANY
def test_C_56_in_two_thousand_histories_no_breach_is_given_or_taken(
    told: Told, gap: int, act: Act
) -> None:
    no_breach_is_given_or_taken(told, gap, act)


@pytest.mark.full
@given(told=PACKS, gaps=REOPENED, late=GAPS)
@MANY
def test_C_22_in_two_thousand_histories_no_refusal_takes_a_breach_away(
    told: Told, gaps: list[int], late: int
) -> None:
    an_objection_takes_no_breach_away(told, gaps, late)
