"""What a closing ended stays ended, what an objection left behind ends with a division.

C-57, C-61, C-63. 2026-06-08 is a Monday; no holiday lies near it.
"""

from uuid import UUID

import pytest

from docket_events.combining import Adopted, SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Event
from docket_events.ticket import (
    ClosureDecided,
    IndividualDeadlineSet,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    ProductTeamEscalated,
    ResponseSent,
    TicketResumed,
    TicketSuspended,
    UncoordinatedChangeRecorded,
    UserReplied,
)
from docket_events.waits import CauseUnknownDeclared, OperationScheduled, ThirdPartyWaitStarted
from docket_lifecycle import commands
from docket_lifecycle.commands import OnTicket, Part, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.rules.context import DecisionContext
from docket_policies.clock.response_clock import response_clock
from docket_policies.terms.loader import policy_of
from people import (
    ANN,
    CREATED,
    NOTICE,
    OLGA,
    READ_FIRST,
    REGISTERED,
    TUESDAY,
    WEDNESDAY,
    june,
    text,
)
from sentences import Given, given, on

WHY = text("it is not the product")
OTHER = "01978a6e-6c00-7000-8def-0123456789ac"
CLOSED = (
    on(TUESDAY, ClosureDecided("resolved", "R-6.10-a")),
    on(TUESDAY, ClosureNoticeSent(TUESDAY, NOTICE, june(15))),
)
OBJECTED = on(WEDNESDAY, ObjectionAccepted(text("what"), text("then")))
THURSDAY = june(11, 9)


def reopened(*before: Event) -> Given:
    """Tell a ticket that was closed on Tuesday and is open again since Wednesday."""
    return given(CREATED, REGISTERED, *before, *CLOSED, OBJECTED)


MERGED = TicketsMerged(
    (june(8, 9), june(9, 11)), "Low", sources=(OTHER,), adopted=Adopted(base=june(9, 11))
)
DIVIDED = TicketSplit((OTHER,), "two issues")


@pytest.mark.parametrize("event", [MERGED, DIVIDED], ids=["merge", "split"])
def test_C_57_after_a_division_no_objection_is_left_to_refuse(event: Event) -> None:
    another = given(*reopened().history, on(june(10, 12), event))

    another.when(commands.RefuseObjection(WHY), at=THURSDAY, by=OLGA).then_refused(
        "no_objection", "R-6.10-d"
    )


@pytest.mark.parametrize("event", [MERGED, DIVIDED], ids=["merge", "split"])
def test_C_57_to_end_it_it_is_closed_anew_with_notice_and_window(event: Event) -> None:
    closing = (
        on(THURSDAY, ClosureDecided("resolved", "R-6.10-a")),
        on(THURSDAY, ClosureNoticeSent(THURSDAY, NOTICE, june(17))),
    )
    again = given(*reopened().history, on(june(10, 12), event), *closing)
    objection = commands.Object(text("what"), text("then"))

    again.when(objection, at=june(16, 23, 59, 59), by=ANN).then(
        ObjectionAccepted(text("what"), text("then"))
    ).when(commands.RefuseObjection(WHY), at=june(16, 23, 59, 59), by=OLGA).then(
        ObjectionRefused(WHY)
    )
    again.when(objection, at=june(17), by=ANN).then_refused("objection_window_over", "R-6.10-b")


@pytest.mark.parametrize("event", [MERGED, DIVIDED], ids=["merge", "split"])
def test_C_57_a_refusal_that_is_told_after_a_division_moves_no_clock(event: Event) -> None:
    divided = given(*reopened().history, on(june(10, 12), event))
    refused = given(*divided.history, on(THURSDAY, ObjectionRefused(WHY)))

    clocks = [response_clock(each.history, each.terms, june(12)) for each in (divided, refused)]
    assert clocks[0] == clocks[1]


def test_C_57_as_read_first_an_objection_to_a_combined_ticket_could_be_refused() -> None:
    story = given(READ_FIRST, REGISTERED, *CLOSED, OBJECTED, on(june(10, 12), MERGED))
    story.when(commands.RefuseObjection(WHY), at=THURSDAY, by=OLGA).then(ObjectionRefused(WHY))


OPEN = {
    "a third party": (ThirdPartyWaitStarted("w3", "a bank"),),
    "an unknown cause": (CauseUnknownDeclared(),),
    "an agreed hour": (OperationScheduled(june(20, 2)),),
    "the product team": (ProductTeamEscalated("the code"),),
    "an individual deadline": (IndividualDeadlineSet(june(20, 12)),),
    "a request": (InformationRequested("q1", deadline=june(20, 9)),),
}

UNKNOWN = CauseUnknownDeclared("cause_not_established")
ANEW: dict[str, tuple[OnTicket, Event]] = {
    "an unknown cause": (commands.DeclareCauseUnknown(), UNKNOWN),
    "an agreed hour": (commands.ScheduleOperation(june(20, 2)), OperationScheduled(june(20, 2))),
    "the product team": (commands.Escalate("the code"), ProductTeamEscalated("the code")),
    "an individual deadline": (
        commands.SetDeadline(june(20, 12)),
        IndividualDeadlineSet(june(20, 12)),
    ),
}  # fmt: skip  # a row each

ENDED: dict[str, tuple[OnTicket, str, str]] = {
    "a third party": (commands.ThirdPartyResponded("w3"), "unknown_wait", "R-6.8-b"),
    "an unknown cause": (commands.CauseEstablished(), "cause_not_unknown", "R-6.8-c"),
    "an agreed hour": (commands.CancelOperation(), "no_operation_scheduled", "R-6.8-d"),
    "the product team": (commands.Return(), "not_escalated", "R-6.7-d"),
    "a request": (commands.RejectInformation("q1", WHY), "unknown_request", "R-6.1-c"),
}


@pytest.mark.parametrize("name", ANEW)
def test_C_61_after_an_objection_it_is_declared_anew(name: str) -> None:
    command, event = ANEW[name]
    story = reopened(*OPEN[name]).when(command, at=THURSDAY, by=OLGA)
    assert story.then(event)


@pytest.mark.parametrize("name", ENDED)
def test_C_61_what_the_closing_ended_cannot_be_ended_again(name: str) -> None:
    command, code, clause = ENDED[name]
    reopened(*OPEN[name]).when(command, at=THURSDAY, by=OLGA).then_refused(code, clause)


@pytest.mark.parametrize("name", OPEN)
def test_C_61_for_clock_and_commands_alike_nothing_holds_the_ticket_after_an_objection(
    name: str,
) -> None:
    story = reopened(*OPEN[name])
    clock = response_clock(story.history, story.terms, WEDNESDAY)

    assert (clock.state, clock.turn) == ("running", 2)
    assert clock.clause == "R-6.7-LOW"
    assert (story.ticket.open_requests, story.ticket.waiting_for) == ((), "provider")
    again = reopened()
    assert story.ticket.work == again.ticket.work


@pytest.mark.parametrize("name", OPEN)
def test_C_61_a_part_takes_over_nothing_of_what_the_closing_ended(name: str) -> None:
    story = reopened(*OPEN[name])
    command = Split((Part(UUID(OTHER), "D-1043"),), "two issues")
    context = DecisionContext.of(policy_of(story.ticket), command, at=THURSDAY, actor=OLGA)
    caused = decide(story.ticket, command, context, history=story.history)
    (_, begun) = caused[command.parts[0].id]

    assert isinstance(begun, SplitChildCreated)
    assert (begun.open_requests, begun.third_parties) == ((), ())
    assert (begun.cause_unknown, begun.agreed_for) == (False, None)


def test_C_61_as_read_first_the_commands_still_saw_what_the_closing_had_ended() -> None:
    story = given(READ_FIRST, REGISTERED, CauseUnknownDeclared(), *CLOSED, OBJECTED)
    story.when(commands.DeclareCauseUnknown(), at=THURSDAY, by=OLGA).then_already_so()


CHANGED = on(june(10, 10), UncoordinatedChangeRecorded("config edited"))


@pytest.mark.parametrize(
    "later",
    [
        (ObjectionRefused(WHY), ObjectionAccepted(text("what"), text("then"))),
        (ResponseSent(), UserReplied()),
        (TicketSuspended("ann"), TicketResumed("ann")),
        (InformationRequested("q1", deadline=june(20)),),
        (TicketSplit((OTHER,)),),
    ],
    ids=["another objection", "a reply", "a resumption", "a request", "a division"],
)
def test_C_63_nothing_gives_a_void_term_back(later: tuple[Event, ...]) -> None:
    story = given(*reopened().history, CHANGED, *(on(THURSDAY, event) for event in later))
    clock = response_clock(story.history, story.terms, june(12))

    assert (clock.state, clock.deadline, clock.budget_s) == ("void", None, None)
    assert story.ticket.work.term_void
    assert story.terms.states["void"] == clock.clause == "R-6.6-d"


@pytest.mark.parametrize("void", [True, False])
def test_C_63_a_combined_ticket_is_void_exactly_if_the_clock_that_it_adopts_is(void: bool) -> None:
    adopted = Adopted(base=june(9, 11), void=void)
    merged = TicketsMerged((june(8, 9), june(9, 11)), "Low", sources=(OTHER,), adopted=adopted)
    for before in ((), (CHANGED,)):
        story = given(CREATED, REGISTERED, *before, on(june(10, 12), merged))
        clock = response_clock(story.history, story.terms, THURSDAY)
        assert (clock.state == "void", story.ticket.work.term_void) == (void, void)


def test_C_63_as_read_first_another_objection_gave_it_back() -> None:
    history = given(READ_FIRST, REGISTERED, *CLOSED, OBJECTED, CHANGED).history
    again = on(june(11, 10), ObjectionAccepted(text("what"), text("then")))
    story = given(*history, on(THURSDAY, ObjectionRefused(WHY)), again)
    assert response_clock(story.history, story.terms, june(12)).state == "running"
