"""Rejecting a ticket for a reason of a closed list (I-3.2, C-16, C-19)."""

import pytest

from docket_events.desk import TicketRejected
from docket_events.teams import ForwardedToRelevantTeam, ReturnedFromRelevantTeam
from docket_events.ticket import InformationProvided, InformationRequested
from docket_lifecycle import commands
from docket_lifecycle.state.ticket import Status
from people import ANN, CREATED, INFRASTRUCTURE, OLGA, TUESDAY, UNDER_I, WEDNESDAY, text
from sentences import given, on

PLAIN = [
    (name, reason.clause)
    for name, reason in INFRASTRUCTURE.rejection_reasons.items()
    if not reason.requires and reason.after_request is None and not reason.after_any_request
]


@pytest.mark.parametrize(("reason", "clause"), PLAIN)
def test_I_3_2_a_reason_of_the_list_ends_the_ticket_at_once(reason: str, clause: str) -> None:
    command = commands.Reject(reason, content=text("why"))

    story = given(UNDER_I).when(command, at=TUESDAY, by=OLGA)
    rejected = story.then(TicketRejected(reason, clause, content=text("why")))

    assert rejected.ticket.status is Status.REJECTED
    rejected.when(command, at=TUESDAY, by=OLGA).then_refused("ticket_rejected", clause)


def test_I_3_2_another_reason_is_unknown() -> None:
    given(UNDER_I).when(commands.Reject("info_not_provided_72h"), at=TUESDAY, by=OLGA).then_refused(
        "unknown_reason", "I-3.2"
    )


def test_I_3_2_g_answered_earlier_names_the_earlier_ticket() -> None:
    given(UNDER_I).when(commands.Reject("answered_earlier"), at=TUESDAY, by=OLGA).then_refused(
        "ticket_reference_required", "I-3.2-g"
    ).when(commands.Reject("answered_earlier", "T-100"), at=TUESDAY, by=OLGA).then(
        TicketRejected("answered_earlier", "I-3.2-g", "T-100")
    )


def test_C_16_what_cannot_be_reproduced_was_looked_for_on_a_test_bench() -> None:
    command = commands.Reject("cannot_reproduce")
    journal = on(TUESDAY, InformationRequested("q1", "information"))
    bench = on(TUESDAY, InformationRequested("q2", "test_bench"))

    given(UNDER_I, journal).when(command, at=WEDNESDAY, by=OLGA).then_refused(
        "test_bench_not_requested", "I-3.2-c"
    )
    given(UNDER_I, journal, bench).when(command, at=WEDNESDAY, by=OLGA).then(
        TicketRejected("cannot_reproduce", "I-3.2-c")
    )


def test_I_3_2_b_information_is_refused_by_a_user_who_was_asked_for_it() -> None:
    command = commands.Reject("information_refused")
    asked = on(TUESDAY, InformationRequested("q1"))
    answered = on(TUESDAY, InformationProvided("q1", content=text("I will not say.")))

    given(UNDER_I).when(command, at=WEDNESDAY, by=OLGA).then_refused(
        "no_information_requested", "I-3.2-b"
    )
    for history in ((UNDER_I, asked), (UNDER_I, asked, answered)):
        given(*history).when(command, at=WEDNESDAY, by=OLGA).then(
            TicketRejected("information_refused", "I-3.2-b")
        )


def test_C_34_a_forwarded_ticket_is_rejected_only_after_its_return() -> None:
    command = commands.Reject("out_of_scope")
    forwarded = (UNDER_I, on(TUESDAY, ForwardedToRelevantTeam("proposal")))

    given(*forwarded).when(command, at=WEDNESDAY, by=OLGA).then_refused("ticket_forwarded", "I-3.4")
    given(*forwarded, on(TUESDAY, ReturnedFromRelevantTeam())).when(
        command, at=WEDNESDAY, by=OLGA
    ).then(TicketRejected("out_of_scope", "I-3.2-e"))


def test_I_3_2_the_user_rejects_nothing() -> None:
    given(UNDER_I).when(commands.Reject("out_of_scope"), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "I-3.2"
    )


def test_C_52_pack_R_closes_and_never_rejects() -> None:
    given(CREATED).when(commands.Reject("out_of_scope"), at=TUESDAY, by=OLGA).then_refused(
        "not_in_pack", "R-2.3"
    )
