"""Merging tickets: what the target takes over, and from when it is counted (C-08)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from stories import MONDAY, OTHER, SOURCE, TARGET, Story, merge, refusal, story

from docket_events.combining import (
    Adopted,
    MergedInto,
    OpenRequest,
    TicketsMerged,
)
from docket_events.recorded import Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
)
from docket_events.waits import OperationScheduled, ThirdPartyWaitStarted
from docket_lifecycle.commands import Merge
from docket_lifecycle.refused import Refused
from docket_lifecycle.state.ticket import Status
from people import (
    CREATED,
    REGISTERED,
    TICKET,
    TUESDAY,
    UNDER_I,
    WEDNESDAY,
    june,
)
from sentences import given


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
                adopted=Adopted(base=june(9, 11)),
            ),
        ),
        OTHER: (MergedInto(str(TICKET), "D-1042"),),
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


def test_R_6_9_b_a_request_taken_over_without_a_deadline_has_the_usual_one() -> None:
    taken = TicketsMerged(
        created_at=(MONDAY,),
        priority="Low",
        open_requests=(OpenRequest("T2-q1", MONDAY),),
        adopted=Adopted(base=MONDAY),
    )
    ticket = given(CREATED, REGISTERED, taken).ticket
    assert ticket.requests["T2-q1"].deadline == MONDAY + timedelta(hours=72)
