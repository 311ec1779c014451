"""Tickets under terms that promise no time to answer: H and M (C-68)."""

from typing import Any

import pytest

from docket_events.access import RemoteAccessConsentGiven, RemoteConnectionOpened
from docket_events.desk import InternalNoteAdded, TicketAssigned, TicketRejected
from docket_events.notice import ClosureNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
    TicketCreated,
    TicketRevoked,
    UserReplied,
)
from docket_lifecycle import commands
from docket_lifecycle.rules.opening.urgency import rank_of
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.eligibility.scope import scope_of
from docket_policies.terms.editions import edition_named
from docket_policies.terms.policy import Policy
from people import (
    ANN,
    H_SPHERE,
    ISPMANAGER,
    MONDAY,
    NOTICE,
    OLGA,
    TICKET,
    TUESDAY,
    UNDER_H,
    UNDER_M,
    WEDNESDAY,
    text,
)
from sentences import given, on

BOTH = [
    pytest.param(UNDER_H, H_SPHERE, id="H"),
    pytest.param(UNDER_M, ISPMANAGER, id="M"),
]
OUTSIDE = (
    ("firewall_configuration", "H-uns-1"),
    ("reverse_dns", "H-uns-2"),
    ("security_configuration", "H-uns-3"),
    ("spam", "H-uns-4"),
    ("preference", "H-policy-2"),
)


@pytest.mark.parametrize(("created", "terms"), BOTH)
def test_C_68_a_ticket_has_no_target_whatever_happens_to_it(
    created: TicketCreated, terms: Policy
) -> None:
    history = (
        on(MONDAY, created),
        on(TUESDAY, ResponseSent()),
        on(WEDNESDAY, UserReplied()),
    )
    for n in range(1, 4):
        clock = response_clock(history[:n], terms, WEDNESDAY.replace(year=2027))
        assert (clock.state, clock.deadline, clock.overdue) == ("no_target", None, False)
        assert clock.clause == terms.no_target
        assert timers(history[:n], terms) == ()


@pytest.mark.parametrize(("created", "terms"), BOTH)
def test_C_68_a_closed_ticket_is_closed_and_no_window_follows(
    created: TicketCreated, terms: Policy
) -> None:
    decided = ClosureDecided("resolved", terms.closing_reasons["resolved"].clause)
    history = (
        on(MONDAY, created),
        on(TUESDAY, decided),
        on(TUESDAY, ClosureNoticeSent(TUESDAY, NOTICE)),
    )

    assert response_clock(history, terms, WEDNESDAY).state == "closed"
    assert timers(history, terms) == ()


@pytest.mark.parametrize(("created", "terms"), BOTH)
def test_C_68_what_the_two_sides_may_do(created: TicketCreated, terms: Policy) -> None:
    asked = given(created)
    said = text("words")

    asked.when(commands.Respond(said), at=TUESDAY, by=OLGA).then(ResponseSent(said))
    asked.when(commands.Note(said), at=TUESDAY, by=OLGA).then(InternalNoteAdded(said))
    asked.when(commands.Assign("olga"), at=TUESDAY, by=OLGA).then(TicketAssigned("olga"))
    asked.when(commands.Prioritize("High", "many"), at=TUESDAY, by=OLGA).then(
        PriorityChanged("High", "Low", "many")
    )
    asked.when(commands.Revoke(), at=TUESDAY, by=ANN).then(TicketRevoked("ann"))
    waiting = asked.when(commands.RequestInformation(said), at=TUESDAY, by=OLGA).then(
        InformationRequested("q1", items=said)
    )
    waiting.when(commands.ProvideInformation("q1"), at=WEDNESDAY, by=ANN).then(
        InformationProvided("q1")
    )
    decided = ClosureDecided("resolved", terms.closing_reasons["resolved"].clause)
    asked.when(commands.Close("resolved"), at=TUESDAY, by=OLGA).then(decided)


@pytest.mark.parametrize(("created", "terms"), BOTH)
@pytest.mark.parametrize(
    "command",
    [commands.Suspend(), commands.Object(), commands.ProposeMeasures(text("a move"))],
    ids=lambda command: type(command).__name__,
)
def test_C_35_what_moves_a_clock_or_grants_a_right_is_not_in_these_terms(
    created: TicketCreated, terms: Policy, command: Any
) -> None:
    verb = commands.verb_of(command)
    given(created).when(command, at=TUESDAY, by=ANN).then_refused(
        "not_in_pack", terms.absence(verb)
    )


def test_H_policy_6_a_complaint_about_a_response_is_no_right_to_object() -> None:
    given(UNDER_H).when(commands.Object(), at=TUESDAY, by=ANN).then_refused(
        "not_in_pack", "H-policy-6"
    )


def test_H_plan_access_a_connection_needs_the_permission_of_the_user() -> None:
    connect = commands.OpenConnection()
    given(UNDER_H).when(connect, at=TUESDAY, by=OLGA).then_refused(
        "consent_missing", "H-plan-access"
    )

    allowed = given(UNDER_H, RemoteAccessConsentGiven("written"))
    allowed.when(connect, at=TUESDAY, by=OLGA).then(RemoteConnectionOpened("documented"))


@pytest.mark.parametrize(("kind", "clause"), OUTSIDE)
def test_H_uns_1_what_is_not_offered_is_a_reason_to_reject(kind: str, clause: str) -> None:
    given(UNDER_H).when(commands.Reject(kind), at=TUESDAY, by=OLGA).then(
        TicketRejected(kind, clause)
    )


def test_H_uns_1_the_reasons_to_reject_are_the_kinds_outside_of_the_scope() -> None:
    scope = scope_of(edition_named("h-sphere", "H-2005"))
    assert scope is not None
    outside = {name: kind for name, kind in scope.kinds.items() if not kind.supported}

    assert {name: (r.clause, r.says) for name, r in H_SPHERE.rejection_reasons.items()} == {
        name: (kind.clause, kind.says) for name, kind in outside.items()
    }
    given(UNDER_H).when(commands.Reject("no_time"), at=TUESDAY, by=OLGA).then_refused(
        "unknown_reason", "H-policy-2"
    )


def test_C_68_a_ticket_of_another_side_is_folded_like_all_others() -> None:
    ticket = given(UNDER_M, ResponseSent()).ticket

    assert (ticket.id, ticket.waiting_for, ticket.support) == (TICKET, "user", None)
    assert rank_of(ticket) is None
