"""Walking through the lifecycle: every command tried on every kind of ticket that it can lead to.

The steps are those of decide, the notices and the passing of time; what they make of a ticket is
what fold says. Two tickets are of one kind when the rules can tell no difference that matters here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from docket_events.clock import ResponseOverdue, TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Event, Fact
from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Status, Ticket
from docket_policies.deadlines.timers import objections_until, timers
from docket_policies.terms.policy import Policy
from docket_simulation.asks.command import ACTORS, TICKET_ID, decided
from docket_simulation.asks.command_words import VERBS, command_of
from docket_simulation.scenarios.history import NOTICE
from docket_simulation.scenarios.scenario import Scenario

START = datetime(2026, 6, 8, 9, tzinfo=UTC)
STEP = timedelta(minutes=10)
DEEP = 4

Wordings = Mapping[str, tuple[Mapping[str, Any], ...]]

WORDINGS: Wordings = {
    "prioritize": ({"priority": "High"},),
    "provide-information": ({}, {"upload_pending": True}),
    "object": ({"motivated": True},),
    "forward": ({"confirmed": True},),
    "escalate": ({"confirmed": True},),
    "grant-access": ({"method": "alternative"},),
    "schedule-operation": ({"agreed_for": "2026-06-12T09:00:00Z"},),
    "set-deadline": ({"deadline": "2026-07-01T09:00:00Z"},),
    "link-defect": ({"plan_reference": "VM-1"},),
}
"""What a command is tried with; the others with nothing but their verb."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: the phase it leads to, or the refusal."""

    to: Status | None
    code: str
    clause: str


@dataclass(slots=True)
class Walk:
    """What was seen on the way: outcomes by verb and phase, arrows by phase, label and phase."""

    cells: dict[tuple[str, Status], dict[Outcome, None]] = field(default_factory=dict)
    arrows: dict[tuple[Status, str, Status], None] = field(default_factory=dict)

    @property
    def phases(self) -> list[Status]:
        """Return the phases that were reached, in the order of their list."""
        reached = {phase for _, phase in self.cells}
        return [phase for phase in Status if phase in reached]


def walk(pack: str, policy: Mapping[str, Any], wordings: Wordings = WORDINGS) -> Walk:
    """Return what every command comes to in every phase under the terms of a pack."""
    case = Scenario({"pack": pack, "policy": policy})
    terms, seen, found = case.terms, set[Any](), Walk()
    begun = case.history_until(START)[:1]
    edge = [begun, *([] if terms.no_target else [_overdue(begun, terms)])]
    for _ in range(DEEP):
        following = []
        for history in edge:
            ticket = _ticket(history)
            kind = (*_kind(ticket), _is_overdue(history))
            if kind in seen:
                continue
            seen.add(kind)
            at = history[-1].occurred_at + STEP
            for label, events in _steps(case, terms, wordings, ticket, history, at, found):
                longer = (*history, *(Fact(event, at) for event in events))
                found.arrows[ticket.status, label, _ticket(longer).status] = None
                following.append(longer)
        edge = following
    return found


def _overdue(begun: tuple[Fact, ...], terms: Policy) -> tuple[Fact, ...]:
    """Return the beginning of a ticket whose response time has passed."""
    counted = (*begun, Fact(RegistrationNoticeSent(START, NOTICE), START))
    due = next(t for t in timers(counted, terms) if t.name == "ResponseOverdue")
    return (*counted, Fact(ResponseOverdue(1, due.due_at, due.clause), due.fires_at))


def _is_overdue(history: tuple[Fact, ...]) -> bool:
    return any(isinstance(fact.event, ResponseOverdue) for fact in history)


def _steps(
    case: Scenario,
    terms: Policy,
    wordings: Wordings,
    ticket: Ticket,
    history: tuple[Fact, ...],
    at: datetime,
    found: Walk,
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    for verb, kind in VERBS.items():
        if kind is Create:
            continue
        for wording in wordings.get(verb, ({},)):
            said = {"reason": _reason(verb, terms), **wording}
            outcome, events = _tried(case, terms, verb, said, history, at)
            found.cells.setdefault((verb, ticket.status), {})[outcome] = None
            if outcome.to is not None and events:
                yield verb, events
    yield from _without_command(terms, ticket, at)


def _tried(
    case: Scenario,
    terms: Policy,
    verb: str,
    said: Mapping[str, Any],
    history: tuple[Fact, ...],
    at: datetime,
) -> tuple[Outcome, tuple[Event, ...]]:
    capability = terms.capabilities.get(verb)
    kinds = capability.actors if capability is not None else ("agent",)
    actor = next(actor for actor in ACTORS.values() if actor.kind in kinds)
    wanted = command_of(VERBS[verb], said, history, terms)
    try:
        context = DecisionContext.of(terms, wanted, at=at, actor=actor)
        clause, caused = decided(case, wanted, history, context, said)
    except Refused as refused:
        return Outcome(None, refused.code, refused.clause), ()
    events = caused.get(TICKET_ID, ())
    after = _ticket((*history, *(Fact(event, at) for event in events)))
    return Outcome(after.status, "ok", clause), events


def _without_command(
    terms: Policy, ticket: Ticket, at: datetime
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield what notices, time and other tickets do to this one."""
    match ticket.status:
        case Status.OPEN | Status.SUSPENDED:
            if ticket.registered_at is None:
                yield "registration notice", (RegistrationNoticeSent(at, NOTICE),)
            if terms.auto_close is not None and ticket.waiting_for == "user":
                rule = terms.auto_close
                yield "silence of the user", (TicketAutoClosed(rule.reason, rule.clause, at),)
            if "merge" in terms.capabilities and ticket.status is Status.OPEN:
                yield "merge into another", (MergedInto("T2"),)
        case Status.CLOSING:
            yield "closing notice", (ClosureNoticeSent(at, NOTICE, objections_until(terms, at)),)
        case Status.CLOSED if terms.objection_window is not None:
            yield "end of the window", (ClosureBecameFinal(),)
        case _:
            return


def _reason(verb: str, terms: Policy) -> str:
    if verb == "excuse-breach":
        return next(iter(terms.excuses), "declared")
    reasons = {"close": terms.closing_reasons, "reject": terms.rejection_reasons}.get(verb, {})
    free = (name for name, r in reasons.items() if not (r.requires or r.after_request))
    return next(free, "declared") if verb != "declare-cause-unknown" else "cause_not_established"


def _ticket(history: tuple[Fact, ...]) -> Ticket:
    ticket = fold(TICKET_ID, history)
    assert ticket is not None, "a walk begins with a ticket"
    return ticket


def _kind(ticket: Ticket) -> tuple[object, ...]:
    work = ticket.work
    return (
        ticket.status,
        ticket.waiting_for,
        ticket.registered_at is None,
        tuple(sorted({str(asked.answer) for asked in ticket.requests.values()})),
        ticket.reopened_from is None,
        work.team,
        bool(work.third_parties),
        work.consent is None,
        work.measures,
    )
