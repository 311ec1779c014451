"""Splitting a ticket: events in each history, and whose countdown the parts keep (C-08)."""

from dataclasses import replace

import pytest
from stories import (
    MONDAY,
    OTHER,
    PARENT,
    SOURCE,
    TARGET,
    THIRD,
    TWO,
    Story,
    merge,
    refusal,
    split,
    story,
)

from docket_events.combining import (
    MergedInto,
    SplitChildCreated,
    TicketSplit,
)
from docket_events.notice import ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ResponseSent,
    TicketRevoked,
    TicketSuspended,
)
from docket_events.waits import CauseUnknownDeclared, OperationScheduled, ThirdPartyWaitStarted
from docket_lifecycle.commands import Part, RequestInformation, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.ticket import Status
from people import (
    ANN,
    CREATED,
    NOTICE,
    OLGA,
    REGULATIONS,
    TICKET,
    UNDER_I,
    june,
    text,
)


def test_R_6_3_a_a_split_is_one_decision_in_the_history_of_each_ticket() -> None:
    decided = split(PARENT, at=june(9, 12))

    assert list(decided) == [TICKET, OTHER, THIRD]
    told = TicketSplit((str(OTHER), str(THIRD)), text("two issues"), ("D-1043", "D-1044"))
    assert decided[TICKET] == (told,)
    part = decided[OTHER]
    assert part == (
        replace(CREATED, number="D-1043", priority="High", split_from=str(TICKET)),
        SplitChildCreated(
            parent=str(TICKET),
            parent_created_at=MONDAY,
            priority="High",
            parent_base=MONDAY,
            reason=text("two issues"),
        ),
    )
    assert decided[THIRD][0] == replace(
        CREATED, number="D-1044", priority="Low", subject=text("the other"), split_from=str(TICKET)
    )


def test_R_6_3_b_under_R_parent_and_part_are_counted_from_the_split() -> None:
    at = june(9, 12)
    decided = split(PARENT, at=at)

    part = Story(OTHER, tuple(Fact(event, at) for event in decided[OTHER]))
    for each in (PARENT.then(at, *decided[TICKET]), part):
        assert each.clock(at).deadline == june(11, 10)
    assert part.ticket.split_from == str(TICKET)
    assert part.ticket.status is Status.OPEN


def test_I_3_3_under_I_a_part_keeps_the_countdown_of_its_parent() -> None:
    parent, at = story(TICKET, UNDER_I, june(12, 20)), june(13, 8)
    decided = split(parent, at=at)

    part = Story(OTHER, tuple(Fact(event, at) for event in decided[OTHER]))
    assert parent.then(at, *decided[TICKET]).clock(at).deadline == june(13, 12)
    assert part.clock(at).deadline == june(13, 12)


def test_R_6_3_b_the_notice_of_a_part_that_counts_already_changes_nothing() -> None:
    at = june(9, 12)
    part = Story(OTHER, tuple(Fact(event, at) for event in split(PARENT, at=at)[OTHER]))
    answered = part.then(june(9, 13), ResponseSent())

    told = answered.then(june(9, 14), RegistrationNoticeSent(june(9, 14), NOTICE))

    assert told.ticket.registered_at == june(9, 14)
    assert told.ticket.waiting_for == "user"
    assert told.clock(june(9, 15)).state == "satisfied"


def test_C_08_what_was_answered_before_the_split_is_no_debt_of_the_part() -> None:
    parent, at = story(TICKET, UNDER_I, june(12, 20)).then(june(13, 7), ResponseSent()), june(13, 8)
    (_, created) = split(parent, at=at)[OTHER]

    assert isinstance(created, SplitChildCreated)
    assert created.parent_base == at


def test_R_1_14_where_no_clock_has_started_none_starts_by_a_split() -> None:
    parent = Story(TICKET, (Fact(CREATED, MONDAY),))
    (_, created) = split(parent, at=june(9, 12))[OTHER]

    assert isinstance(created, SplitChildCreated)
    assert created.parent_base is None


def test_C_08_a_part_takes_over_the_waits_that_are_open() -> None:
    parent = PARENT.then(
        june(8, 10),
        InformationRequested("q1", deadline=june(11, 10)),
        InformationProvided("q1"),
        InformationRequested("q2", "access", deadline=june(11, 10)),
        ThirdPartyWaitStarted("w7", text("a bank")),
        CauseUnknownDeclared(),
        OperationScheduled(june(12, 2)),
    )
    at = june(9, 12)
    part = Story(OTHER, tuple(Fact(event, at) for event in split(parent, at=at)[OTHER]))

    (request,) = part.ticket.open_requests
    assert (request.id, request.kind) == ("q2", "access")
    assert (request.requested_at, request.deadline) == (june(8, 10), june(11, 10))
    assert part.ticket.waiting_for == "user"
    work = part.ticket.work
    assert (work.third_parties, work.cause_unknown, work.agreed_for) == (
        ("w7",),
        True,
        june(12, 2),
    )


def test_C_05_a_request_of_a_part_never_takes_the_name_of_one_taken_over() -> None:
    parent = PARENT.then(june(8, 10), InformationRequested("q2", deadline=june(11, 10)))
    at = june(9, 12)
    part = Story(OTHER, tuple(Fact(event, at) for event in split(parent, at=at)[OTHER]))

    command = RequestInformation(text("a log"))
    context = DecisionContext.of(REGULATIONS, command, at=at, actor=OLGA)
    (asked,) = decide(part.ticket, command, context)[OTHER]

    assert isinstance(asked, InformationRequested)
    assert asked.request == "q3"


def test_an_hour_that_has_come_is_handed_on_no_more() -> None:
    parent = PARENT.then(june(8, 10), OperationScheduled(june(9, 12)))
    (_, created) = split(parent, at=june(9, 12))[OTHER]

    assert isinstance(created, SplitChildCreated)
    assert created.agreed_for is None


def test_the_same_split_again_is_already_so() -> None:
    at = june(9, 12)
    divided = PARENT.then(at, *split(PARENT, at=at)[TICKET])

    assert split(divided, at=june(9, 13)) == {}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Split((), "nothing"), "no_parts"),
        (Split((Part(OTHER, "D-1043"), Part(OTHER, "D-1044")), "twice"), "part_exists"),
        (Split((Part(TICKET, "D-1042"),), "itself"), "part_exists"),
    ],
)
def test_R_6_3_a_parts_are_tickets_of_their_own(command: Split, code: str) -> None:
    with pytest.raises(Refused, match=refusal(code, "R-6.3-a")):
        split(PARENT, command, at=june(9, 12))


def test_a_part_is_made_once() -> None:
    at = june(9, 12)
    divided = PARENT.then(
        at, *split(PARENT, Split(TWO.parts[:1], text("two issues")), at=at)[TICKET]
    )

    with pytest.raises(Refused, match=refusal("part_exists", "R-6.3-a")):
        split(divided, TWO, at=at)


ENDINGS = [
    ((TicketSuspended("ann"),), "ticket_suspended", "R-6.6-a"),
    ((ClosureDecided("resolved", "R-6.10-a"),), "ticket_closing", "R-6.10-a"),
    (
        (
            ClosureDecided("resolved", "R-6.10-a"),
            ClosureNoticeSent(june(9, 10), NOTICE, june(15)),
        ),
        "ticket_closed",
        "R-6.10-a",
    ),
    ((TicketRevoked("ann"),), "ticket_revoked", "R-6.6-a"),
    ((MergedInto(str(THIRD)),), "ticket_merged", "R-6.3-a"),
]


@pytest.mark.parametrize(("events", "code", "clause"), ENDINGS)
def test_C_08_what_is_not_worked_on_is_neither_divided_nor_combined(
    events: tuple[Event, ...], code: str, clause: str
) -> None:
    ended = PARENT.then(june(9, 10), *events)

    with pytest.raises(Refused, match=refusal(code, clause)):
        split(ended, at=june(9, 12))
    for target, source in ((ended, SOURCE), (SOURCE, ended)):
        with pytest.raises(Refused, match=refusal(code, clause)):
            merge(target, [source])


def test_R_6_3_a_only_the_provider_divides_and_combines() -> None:
    with pytest.raises(Refused, match=refusal("actor_not_entitled", "R-6.3-a")):
        split(PARENT, at=june(9, 12), by=ANN)
    with pytest.raises(Refused, match=refusal("actor_not_entitled", "R-6.3-a")):
        merge(TARGET, [SOURCE], by=ANN)


def test_C_35_pack_I_combines_nothing() -> None:
    with pytest.raises(Refused, match=refusal("not_in_pack", "I-3.3")):
        merge(story(TICKET, UNDER_I, MONDAY), [story(OTHER, UNDER_I, MONDAY)])
