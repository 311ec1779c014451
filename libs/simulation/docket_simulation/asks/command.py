"""Asks about commands: may this be done, by which clause, and which events follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID, uuid5

from msgspec import to_builtins

from docket_events.access import ConsentForm, RemoteAccessConsentGiven
from docket_events.codec import to_data, type_of
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Actor, Fact
from docket_events.ticket import InformationRequested
from docket_lifecycle.commands import Command, Create, Merge, Reject
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext, NewEvents, OtherTicket
from docket_lifecycle.rules.opening import creation
from docket_lifecycle.rules.opening.served import support_of
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.deadlines.timers import objections_until
from docket_policies.eligibility.asks import COMMANDS
from docket_policies.eligibility.question import Question, Unanswerable
from docket_simulation.asks.command_words import VERBS, command_of, kind_of
from docket_simulation.scenarios.history import AGENT, NOTICE, USER
from docket_simulation.scenarios.limits import instant_of
from docket_simulation.scenarios.scenario import Scenario

TICKET_ID = UUID("5a6f2a0e-8a53-5d0e-9d6e-6b1d0a4f1c13")

ACTORS: Mapping[str, Actor] = {
    "user": Actor("customer", USER),
    "partner": Actor("customer", USER),
    "sublicensee": Actor("customer", USER),
    "outsider": Actor("customer", USER),
    "agent": Actor("agent", AGENT),
    "product_team": Actor("product_team", "product team"),
    "service": Actor("service", "service", USER),
    "system": Actor("system", "system"),
}
"""The actor of the rules for each actor of the simulation's contract."""


def command(case: Scenario, ask: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer a command at `at` by `actor`: allowed, clause, code, and the events it would cause.

    For `create` also `support`: whether the terms serve the issue (C-69).

    `data` has the fields of the command and what is known beside the history (`consent`,
    `notice_sent`, the standing of whoever opens a ticket); `sources` are the other tickets of a
    merge. Raises Unanswerable.
    """
    asked = Question(ask)
    verb = asked.text("command")
    kind = kind_of(verb)
    if kind is None:
        return _by_eligibility(case, ask, verb)
    said = {**(case.created if kind is Create else {}), **ask, **_data(asked)}
    at, actor = case.instant(asked), _actor(asked)
    history = _history(case, said, at)
    wanted = command_of(kind, said, history, case.terms)
    history = (*history, *_presupposed(case, wanted, at))
    try:
        context = DecisionContext.of(case.terms, wanted, at=at, actor=actor)
        clause, events = decided(case, wanted, history, context, said)
        support = support_of(wanted, context) if isinstance(wanted, Create) else None
    except Refused as refused:
        return {
            "allowed": False,
            "clause": refused.clause,
            "code": refused.code,
            "detail": refused.detail,
            "events": [],
        }
    return {
        "allowed": True,
        "clause": clause,
        "code": "ok",
        **({} if support is None else {"support": to_builtins(support)}),
        "events": [
            {"ticket": str(ticket), "type": type_of(event), "data": to_data(event)}
            for ticket, caused in events.items()
            for event in caused
        ],
    }


def state(case: Scenario, asked: Question) -> Mapping[str, Any]:
    """Answer the state of the ticket at `at`: status, priority, who has the ball."""
    ticket = _folded(TICKET_ID, case.history_until(case.instant(asked)))
    return {
        "status": ticket.status,
        "version": ticket.version,
        "priority": ticket.priority,
        "requested_priority": ticket.requested_priority,
        "waiting_for": ticket.owing,
        "assignee": ticket.assignee,
    }


def _by_eligibility(case: Scenario, ask: Mapping[str, Any], verb: str) -> Mapping[str, Any]:
    """Answer a command that needs no history of a ticket."""
    if verb in COMMANDS:
        return COMMANDS[verb](case.fields({**ask, "data": _data(Question(ask))}))
    known = ", ".join(sorted({*VERBS, *COMMANDS}))
    raise Unanswerable("unknown_command", f"no command {verb!r} here; there is {known}")


def decided(
    case: Scenario,
    wanted: Command,
    history: Sequence[Fact],
    context: DecisionContext,
    said: Mapping[str, Any],
) -> tuple[str, NewEvents]:
    """Return the clause and the events by ticket; raise Refused."""
    if isinstance(wanted, Create):
        opened = creation.create(wanted, context)
        return creation.admitted(wanted, context), {TICKET_ID: opened}
    others = _sources(case, said, context.at) if isinstance(wanted, Merge) else []
    events = decide(_folded(TICKET_ID, history), wanted, context, history=history, others=others)
    own = next((getattr(event, "clause", None) for event in events.get(TICKET_ID, ())), None)
    return own or context.clause, events


def _history(case: Scenario, said: Mapping[str, Any], at: datetime) -> tuple[Fact, ...]:
    """Return the history until `at`, with the events that the data of the command adds."""
    beside = Question(said)
    history = case.history_until(at)
    if beside.says("ticket_created"):
        history = case.history_until(instant_of(beside, "ticket_created"))
    if beside.flag("alternative_method_agreed"):
        history = (*history, Fact(RemoteAccessConsentGiven("written", "alternative"), at))
    elif beside.says("consent"):
        form = next(
            (form for form in get_args(ConsentForm) if beside.text("consent") == form), None
        )
        if form is None:
            raise Unanswerable("field_wrong", f"consent: give {' or '.join(get_args(ConsentForm))}")
        history = (*history, Fact(RemoteAccessConsentGiven(form, "documented"), at))
    if beside.says("notice_sent"):
        sent = instant_of(beside, "notice_sent")
        notice = ClosureNoticeSent(sent, NOTICE, objections_until(case.terms, sent))
        history = (*case.history_until(sent), Fact(notice, sent))
    return history


def _presupposed(case: Scenario, wanted: Command, at: datetime) -> tuple[Fact, ...]:
    """Return what a question without events presupposes: who refuses information was asked."""
    if case.history or not isinstance(wanted, Reject):
        return ()
    reason = case.terms.rejection_reasons.get(wanted.reason)
    asked = reason is not None and reason.after_any_request
    return (Fact(InformationRequested("q1"), at),) if asked else ()


def _sources(case: Scenario, said: Mapping[str, Any], at: datetime) -> list[OtherTicket]:
    """Return the other tickets of a merge; by default one just created for the same user."""
    beside = Question(said)
    told = [s.items("events") for s in beside.rows("sources")] if beside.says("sources") else [()]
    histories = [case.beside(events).history_until(at) for events in told]
    return [
        OtherTicket(_folded(uuid5(TICKET_ID, str(n)), history), history)
        for n, history in enumerate(histories, 1)
    ]


def _folded(ticket_id: UUID, history: Sequence[Fact]) -> Ticket:
    try:
        ticket = fold(ticket_id, history)
    except ValueError as wrong:
        raise Unanswerable("history_wrong", str(wrong)) from None
    if ticket is None:
        raise Unanswerable("not_created", "the ticket does not exist at that instant")
    return ticket


def _actor(asked: Question) -> Actor:
    named = asked.text("actor", "agent")
    if named not in ACTORS:
        raise Unanswerable("unknown_actor", f"no actor {named!r}; there is {', '.join(ACTORS)}")
    return ACTORS[named]


def _data(asked: Question) -> Mapping[str, Any]:
    data = asked.raw("data") if asked.says("data") else {}
    if not isinstance(data, Mapping):
        raise Unanswerable("field_wrong", "data: give a table")
    return data
