"""Dividing a ticket and combining several, each with its own history (R-6.3, I-3.3, C-08, C-23)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pytest
from acme import (
    ANN,
    CREATED,
    NOTICE,
    OLGA,
    REGULATIONS,
    TICKET,
    TUESDAY,
    UNDER_I,
    WEDNESDAY,
    june,
    text,
)
from sentences import TERMS

from docket_events.combining import (
    MergedInto,
    OpenRequest,
    SplitChildCreated,
    TicketsMerged,
    TicketSplit,
)
from docket_events.notice import ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import (
    CauseUnknownDeclared,
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    OperationScheduled,
    PriorityChanged,
    ResponseSent,
    ThirdPartyWaitStarted,
    TicketCreated,
    TicketRevoked,
    TicketSuspended,
)
from docket_lifecycle.commands import Merge, Part, RequestInformation, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.division import decide_merge, decide_split, turn_base
from docket_lifecycle.fold import fold
from docket_lifecycle.refused import Refused
from docket_lifecycle.ticket import Status, Ticket
from docket_policies.clock import ResponseClock, response_clock

OTHER = UUID("01978a6e-6c00-7000-8def-0123456789ac")
THIRD = UUID("01978a6e-6c00-7000-8def-0123456789ad")
MONDAY = june(8, 9)


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket and what happened to it so far."""

    id: UUID
    history: tuple[Fact, ...]

    @property
    def ticket(self) -> Ticket:
        ticket = fold(self.id, self.history)
        assert ticket is not None
        return ticket

    def then(self, at: datetime, *events: Event) -> "Story":
        return Story(self.id, self.history + tuple(Fact(event, at) for event in events))

    def clock(self, at: datetime) -> ResponseClock:
        return response_clock(self.history, TERMS[self.ticket.pack], at)


def story(ticket_id: UUID, first: TicketCreated, at: datetime, *later: Event) -> Story:
    """Let a ticket be created and registered at an instant; the rest happens then too."""
    told = (first, RegistrationNoticeSent(at, NOTICE), *later)
    return Story(ticket_id, tuple(Fact(event, at) for event in told))


HIGH = PriorityChanged("High", "Low")
PARENT = story(TICKET, CREATED, MONDAY, HIGH)
TARGET = PARENT
SOURCE = story(OTHER, replace(CREATED, number="D-1043"), june(9, 11), HIGH)
TWO = Split((Part(OTHER, "D-1043"), Part(THIRD, "D-1044", "Low", text("the other"))), "two issues")


def split(
    parent: Story, command: Split = TWO, *, at: datetime, by: Actor = OLGA
) -> dict[UUID, tuple[Event, ...]]:
    terms = TERMS[parent.ticket.pack]
    base = turn_base(parent.history, terms, at)
    return dict(
        decide_split(parent.ticket, command, parent_base=base, at=at, actor=by, policy=terms)
    )


def merge(
    target: Story,
    sources: Sequence[Story],
    command: Merge = Merge(),  # noqa: B008  # frozen: one value for all
    *,
    at: datetime = WEDNESDAY,
    by: Actor = OLGA,
) -> dict[UUID, tuple[Event, ...]]:
    return dict(
        decide_merge(
            target.ticket,
            [source.ticket for source in sources],
            command,
            at=at,
            actor=by,
            policy=TERMS[target.ticket.pack],
        )
    )


def refusal(code: str, clause: str) -> str:
    return rf"^{code} \({clause}\)"


def test_R_6_3_a_a_split_is_one_decision_in_the_history_of_each_ticket() -> None:
    decided = split(PARENT, at=june(9, 12))

    assert list(decided) == [TICKET, OTHER, THIRD]
    assert decided[TICKET] == (TicketSplit((str(OTHER), str(THIRD)), "two issues"),)
    part = decided[OTHER]
    assert part == (
        replace(CREATED, number="D-1043", priority="High", split_from=str(TICKET)),
        SplitChildCreated(
            parent=str(TICKET),
            parent_created_at=MONDAY,
            priority="High",
            parent_base=MONDAY,
            reason="two issues",
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
        ThirdPartyWaitStarted("w7", "a bank"),
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

    (asked,) = decide(
        part.ticket, RequestInformation(text("a log")), at=at, actor=OLGA, policy=REGULATIONS
    )

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
    divided = PARENT.then(at, *split(PARENT, Split(TWO.parts[:1], "two issues"), at=at)[TICKET])

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


def test_R_6_3_b_combined_tickets_are_counted_from_the_most_recent_of_them() -> None:
    at = june(10, 10)
    decided = merge(TARGET, [SOURCE], Merge("one fault"), at=at)

    assert decided == {
        TICKET: (
            TicketsMerged(
                created_at=(MONDAY, june(9, 11)),
                priority="High",
                sources=(str(OTHER),),
                reason="one fault",
            ),
        ),
        OTHER: (MergedInto(str(TICKET)),),
    }
    combined, source = TARGET.then(at, *decided[TICKET]), SOURCE.then(at, *decided[OTHER])
    assert combined.clock(at).deadline == june(10, 18)
    assert combined.ticket.sources == (str(OTHER),)
    assert source.ticket.status is Status.MERGED


def test_C_08_the_most_urgent_priority_counts_unless_another_is_named() -> None:
    urgent = SOURCE.then(june(9, 12), PriorityChanged("Emergency", "High"))

    for command, expected in ((Merge(), "Emergency"), (Merge(priority="Low"), "Low")):
        (merged,) = merge(TARGET, [urgent], command)[TICKET]
        assert isinstance(merged, TicketsMerged)
        assert merged.priority == expected


def test_C_08_every_open_wait_is_open_on_the_combined_ticket() -> None:
    asked = InformationRequested("q1", deadline=june(11, 10))
    waits = (asked, ThirdPartyWaitStarted("w4", "a bank"), OperationScheduled(june(12, 2)))
    target, source = TARGET.then(june(8, 10), *waits), SOURCE.then(june(9, 12), *waits)

    (merged,) = merge(target, [source])[TICKET]

    assert isinstance(merged, TicketsMerged)
    assert merged.open_requests == (
        OpenRequest("q1", june(8, 10), deadline=june(11, 10)),
        OpenRequest("D-1043-q1", june(9, 12), deadline=june(11, 10)),
    )
    assert merged.third_parties == ("w4", "D-1043-w4")
    assert merged.agreed_for == june(12, 2)
    combined = target.then(WEDNESDAY, merged).ticket
    assert [request.id for request in combined.open_requests] == ["q1", "D-1043-q1"]
    assert combined.work.third_parties == ("w4", "D-1043-w4")
    assert combined.waiting_for == "user"


def test_C_08_a_wait_that_has_ended_is_not_carried() -> None:
    source = SOURCE.then(june(9, 12), InformationRequested("q1"), InformationProvided("q1"))
    (merged,) = merge(TARGET, [source])[TICKET]

    assert isinstance(merged, TicketsMerged)
    assert merged.open_requests == ()


def test_C_08_where_every_ticket_was_answered_no_turn_opens() -> None:
    answered = [each.then(june(9, 12), ResponseSent()) for each in (TARGET, SOURCE)]
    (merged,) = merge(answered[0], answered[1:])[TICKET]

    assert isinstance(merged, TicketsMerged)
    assert merged.answered
    combined = answered[0].then(WEDNESDAY, merged)
    assert combined.ticket.waiting_for == "user"
    assert combined.clock(WEDNESDAY).state == "satisfied"


def test_R_1_14_a_clock_that_never_started_is_not_started_by_combining() -> None:
    first, second = (Story(each, (Fact(CREATED, MONDAY),)) for each in (TICKET, OTHER))
    (merged,) = merge(first, [second])[TICKET]

    assert first.then(WEDNESDAY, merged).clock(WEDNESDAY).state == "not_started"


def test_R_1_14_a_running_clock_is_not_lost_in_a_ticket_without_one() -> None:
    by_phone = Story(TICKET, (Fact(replace(CREATED, channel="phone"), MONDAY),))

    with pytest.raises(Refused, match=refusal("target_not_registered", "R-1.14")):
        merge(by_phone, [SOURCE])
    assert merge(SOURCE, [by_phone])


def test_the_same_merge_again_is_already_so() -> None:
    decided = merge(TARGET, [SOURCE])
    combined, source = (each.then(WEDNESDAY, *decided[each.id]) for each in (TARGET, SOURCE))

    assert merge(combined, [source]) == {}


def test_R_3_3_tickets_of_two_users_stay_apart() -> None:
    of_eve = story(OTHER, replace(CREATED, account_id="evil"), TUESDAY)

    with pytest.raises(Refused, match=refusal("different_users", "R-3.3")):
        merge(TARGET, [of_eve])


def test_C_08_tickets_under_two_packs_stay_apart() -> None:
    with pytest.raises(Refused, match=refusal("different_packs", "C-08")):
        merge(TARGET, [story(OTHER, UNDER_I, TUESDAY)])


def test_C_25_of_two_revisions_the_most_recent_ticket_keeps_its_own() -> None:
    later = story(OTHER, replace(CREATED, revision="R-2030-01-01"), TUESDAY)

    with pytest.raises(Refused, match=refusal("different_revisions", "C-25")):
        merge(TARGET, [later])


@pytest.mark.parametrize("sources", [[], [TARGET], [SOURCE, SOURCE]])
def test_R_6_3_a_there_is_something_to_combine(sources: list[Story]) -> None:
    with pytest.raises(Refused, match=refusal("no_other_tickets", "R-6.3-a")):
        merge(TARGET, sources)
