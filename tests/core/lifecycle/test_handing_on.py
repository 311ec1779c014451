"""What one ticket hands to another, by the commands: the direction of a merge, parts of pack I.

C-59, C-60, C-63. 2026-06-08 is a Monday; no holiday lies near it.
"""

from dataclasses import replace
from datetime import datetime

import pytest
from stories import OTHER, THIRD, Story, merge, split, story

from docket_events.combining import SplitChildCreated
from docket_events.desk import PeriodExtended
from docket_events.recorded import Event, Fact
from docket_events.teams import DeveloperConsultationStarted, ForwardedToRelevantTeam
from docket_events.ticket import (
    IndividualDeadlineSet,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    UncoordinatedChangeRecorded,
    UserReplied,
)
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationScheduled,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)
from docket_lifecycle.commands import Part, Split
from docket_policies.clock.response_clock import ResponseClock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.loader import policy_of
from people import CREATED, TICKET, UNDER_I, june

HIGH = PriorityChanged("High", "Low")
OLDER = story(TICKET, CREATED, june(8, 9), HIGH)
NEWEST = story(OTHER, replace(CREATED, number="D-1043"), june(8, 10), HIGH)
MERGED = june(10, 12)


def both_ways(older: Story, newest: Story, at: datetime = MERGED) -> list[ResponseClock]:
    """Combine two tickets into either of them, and ask the clock of what lives on."""
    return [
        into.then(at, *merge(into, [source], at=at)[into.id]).clock(at)
        for into, source in ((older, newest), (newest, older))
    ]


def shown(clock: ResponseClock) -> tuple[object, ...]:
    return clock.state, clock.deadline, clock.consumed_s, clock.budget_s, clock.overdue


Step = tuple[datetime, Event]

STEPS: dict[str, tuple[Step, ...]] = {
    "nothing": (),
    "an ended wait": (
        (june(8, 11), ThirdPartyWaitStarted("v1", "a bank")),
        (june(10, 11), ThirdPartyResponseReceived("v1")),
    ),
    "an open wait": ((june(9, 11), ThirdPartyWaitStarted("v1", "a bank")),),
    "a cause that was unknown": (
        (june(8, 11), CauseUnknownDeclared()),
        (june(9, 11), CauseEstablished()),
    ),
    "an agreed hour that came": ((june(8, 11), OperationScheduled(june(9, 11))),),
    "an agreed hour ahead": ((june(9, 11), OperationScheduled(june(12, 2))),),
    "the hours of the product team": (
        (june(8, 11), PriorityChanged("Emergency", "High")),
        (june(8, 12), ProductTeamEscalated("the code")),
        (june(9, 12), ProductTeamReturned()),
    ),
    "a later turn": ((june(9, 9), ResponseSent()), (june(9, 12), UserReplied())),
    "an open request": ((june(9, 9), InformationRequested("q1", deadline=june(12, 9))),),
    "an individual deadline with a wait": (
        (june(8, 12), IndividualDeadlineSet(june(15, 12))),
        (june(9, 9), ThirdPartyWaitStarted("v1", "a bank")),
        (june(9, 15), ThirdPartyResponseReceived("v1")),
    ),
    "a void term": ((june(9, 9), UncoordinatedChangeRecorded("config")),),
    "an answer": ((june(9, 9), ResponseSent()),),
}


def told(begun: Story, steps: tuple[Step, ...]) -> Story:
    for at, event in steps:
        begun = begun.then(at, event)
    return begun


@pytest.mark.parametrize("of_older", STEPS.values(), ids=[f"older: {each}" for each in STEPS])
@pytest.mark.parametrize("of_newest", STEPS.values(), ids=[f"newest: {each}" for each in STEPS])
def test_C_59_the_direction_of_a_merge_never_changes_an_answer(
    of_older: tuple[Step, ...], of_newest: tuple[Step, ...]
) -> None:
    older, newest = told(OLDER, of_older), told(NEWEST, of_newest)
    into_older, into_newest = both_ways(older, newest)

    assert into_older.state == into_newest.state
    if "provider" in (older.ticket.waiting_for, newest.ticket.waiting_for):
        assert shown(into_older) == shown(into_newest)
    else:  # no turn opens: the last one of the target is shown
        assert (into_older.turn, into_newest.turn) == tuple(
            each.clock(MERGED).turn for each in (older, newest)
        )


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_C_59_the_clock_of_the_most_recent_ticket_goes_on_as_if_nothing_had_happened(
    steps: tuple[Step, ...],
) -> None:
    newest = told(NEWEST, steps)
    for after in both_ways(OLDER, newest):
        if newest.ticket.waiting_for == "provider":
            assert shown(after) == shown(newest.clock(MERGED))
        else:
            assert after.state != "satisfied", "the older one still waits for its answer"


def test_C_59_the_waits_of_the_most_recent_ticket_are_no_breach_in_either_direction() -> None:
    newest = told(NEWEST, STEPS["an ended wait"])
    for clock in both_ways(OLDER, newest):
        assert (clock.deadline, clock.consumed_s, clock.overdue) == (june(11, 17), 7_200, False)


@pytest.mark.parametrize(
    "wait",
    [
        (ThirdPartyWaitStarted("v1", "a bank"),),
        (CauseUnknownDeclared(),),
        (OperationScheduled(june(20, 2)),),
    ],
    ids=["a third party", "an unknown cause", "an agreed hour"],
)
def test_C_59_what_was_taken_over_is_handed_on_again_with_the_time_that_it_held(
    wait: tuple[Event, ...],
) -> None:
    """An older ticket's wait holds the combined one from the merge on, and the next one too."""
    older = told(OLDER, tuple((june(9, 9), event) for event in wait))
    once = NEWEST.then(june(9, 12), *merge(NEWEST, [older], at=june(9, 12))[OTHER])
    third = story(THIRD, replace(CREATED, number="D-1044"), june(8, 8), HIGH)

    before = once.clock(june(10, 12))
    assert before.consumed_s == 11 * 3_600, "from Monday 10:00 to the merge on Tuesday 12:00"
    for after in both_ways(third, once, june(10, 12)):
        assert shown(after) == shown(before)


FRIDAY, MONDAY = june(12, 14), june(15, 6)
PARENT = story(TICKET, UNDER_I, FRIDAY)
CONSULTED = PARENT.then(FRIDAY, DeveloperConsultationStarted())


def part_of(parent: Story, at: datetime, priority: object = None) -> Story:
    name = OTHER if parent.id == TICKET else THIRD
    command = Split((Part(name, "D-2043", priority),), "two issues")  # type: ignore[arg-type]  # one of ours
    decided = split(parent, command, at=at)
    return Story(name, tuple(Fact(event, at) for event in decided[name]))


def test_C_60_a_part_of_a_consulted_ticket_is_not_late_at_birth() -> None:
    part = part_of(CONSULTED, MONDAY)

    assert shown(part.clock(MONDAY)) == shown(CONSULTED.clock(MONDAY))
    assert (part.clock(MONDAY).consumed_s, part.clock(MONDAY).deadline) == (3_600, june(16, 12))
    assert part.ticket.work.team == "developers"
    armed = timers(part.history, policy_of(part.ticket))
    assert all(timer.fires_at > MONDAY for timer in armed)


def test_C_60_a_part_has_the_extensions_of_its_parent() -> None:
    extended = PARENT.then(june(12, 15), PeriodExtended(7_200))
    part = part_of(extended, june(12, 16))

    assert shown(part.clock(june(12, 16))) == shown(extended.clock(june(12, 16)))
    assert part.clock(june(12, 16)).budget_s == 18 * 3_600


def test_I_3_4_a_part_of_a_forwarded_ticket_is_forwarded() -> None:
    forwarded = PARENT.then(june(12, 15), ForwardedToRelevantTeam())
    part = part_of(forwarded, june(12, 16))

    assert (part.clock(MONDAY).state, part.ticket.work.team) == ("no_target", "relevant_team")


@pytest.mark.parametrize("priority", ["Emergency", "High", "Medium", "Low"])
def test_C_60_no_part_is_overdue_at_birth_whatever_its_priority(priority: str) -> None:
    at = june(13, 4)  # 14 of 16 hours are used: an emergency would have been due after 8
    part = part_of(PARENT, at, priority).clock(at)

    assert not part.overdue
    assert part.deadline is not None
    assert part.deadline >= PARENT.clock(at).deadline  # type: ignore[operator]  # it has one


def test_C_60_a_part_of_a_part_has_the_clock_of_the_first_parent() -> None:
    part, at = part_of(CONSULTED, MONDAY), june(15, 8)
    assert shown(part_of(part, at).clock(at)) == shown(part.clock(at))
    asked = PARENT.then(june(12, 15), InformationRequested("q1", deadline=june(15, 15)))
    held = part_of(asked, june(12, 18))
    assert shown(part_of(held, june(12, 20)).clock(june(12, 20))) == shown(held.clock(june(12, 20)))


def test_C_60_a_part_of_an_overdue_ticket_is_overdue() -> None:
    at = june(13, 7)
    assert PARENT.clock(at).overdue
    assert part_of(PARENT, at).clock(at).overdue


def test_C_56_a_part_takes_a_request_over_with_the_hours_that_a_rejection_left() -> None:
    asked = PARENT.then(FRIDAY, InformationRequested("q1", deadline=june(15, 14)))
    rejected = asked.then(june(12, 15), InformationProvided("q1")).then(
        june(12, 17), InformationRejected("q1", deadline=june(15, 16))
    )
    (begun,) = [
        fact.event
        for fact in part_of(rejected, june(13, 8)).history
        if isinstance(fact.event, SplitChildCreated)
    ]
    (request,) = begun.open_requests
    assert not isinstance(request, str)
    assert request.deadline == june(15, 16)
