"""What may be done with a ticket, and why the rest may not: every command is tried on it.

There is no rule in this module. Each command is tried with every plausible set of fields, taken
from the ticket and its terms (its open requests, the terms' list of reasons) and from what the
history records, and `decide` answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime, timedelta
from itertools import product
from typing import Any, get_args, get_type_hints
from uuid import UUID

from msgspec.structs import replace

from docket_events.recorded import Actor, Happened
from docket_events.ticket import ContentRef, Priority
from docket_lifecycle.commands import (
    Close,
    ExcuseBreach,
    Merge,
    OnTicket,
    Part,
    Prioritize,
    Reject,
    Split,
    verb_of,
)
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext, OtherTicket
from docket_lifecycle.rules.excuses import breached_turns, excuses_of
from docket_lifecycle.state.ticket import Merged, Open, Ticket
from docket_lifecycle.state.work import Work
from docket_policies.eligibility.criteria import Criterion, criteria_for
from docket_policies.terms.policy import Policy

SOME_TEXT = ContentRef(UUID(int=1), "")
ANOTHER_TICKET = UUID(int=2)
WORDS = "plausible"
SOON = timedelta(hours=1)

CHOSEN = frozenset({"request", "wait", "reason", "method", "priority", "turn"})
"""The fields whose possible values the ticket or its terms list."""


@dataclass(frozen=True, slots=True)
class Action:
    """The result of trying a verb: `code` is `ok` or that of the refusal.

    `changes` is False if the command would change nothing. `choices` are the values of its fields
    with which it is accepted, for the fields whose values the ticket or its terms list; those that
    change something, if any does. `criteria` are those of the terms that fit the ticket's product,
    for the verb that names them (C-66).
    """

    verb: str
    allowed: bool
    code: str
    clause: str
    detail: str | None = None
    changes: bool = False
    choices: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()


def actions(
    ticket: Ticket, *, history: Sequence[Happened], at: datetime, actor: Actor, policy: Policy
) -> tuple[Action, ...]:
    """Return for every verb on a ticket whether the actor may do it at `at`; raise nothing."""
    return tuple(
        action_of(kind, ticket, history=history, at=at, actor=actor, policy=policy)
        for kind in get_args(OnTicket)
    )


def action_of(
    kind: type[OnTicket],
    ticket: Ticket,
    *,
    history: Sequence[Happened],
    at: datetime,
    actor: Actor,
    policy: Policy,
) -> Action:
    """Return for one verb on a ticket whether the actor may do it at `at`; raise nothing."""
    accepted = list[tuple[Mapping[str, Any], bool]]()
    refusals = list[Refused]()
    another = (OtherTicket(_another_of_its_user(ticket), ()),)
    for wording, others in (
        *((each, another) for each in _wordings(kind, ticket, history, at, actor, policy)),
        *_recorded(kind, ticket, history),
    ):
        try:
            command = kind(**wording)
            caused = decide(
                ticket,
                command,
                DecisionContext.of(policy, command, at=at, actor=actor),
                history=history,
                others=others,
            )
        except Refused as refusal:
            refusals.append(refusal)
        else:
            accepted.append((wording, any(caused.values())))
    verb = verb_of(kind)
    if not accepted:
        first = refusals[0]
        return Action(verb, False, first.code, first.clause, first.detail)
    changing = [wording for wording, changes in accepted if changes]
    return Action(
        verb,
        True,
        "ok",
        policy.capabilities[verb].clause,
        changes=bool(changing),
        choices=_choices(changing or [wording for wording, _ in accepted]),
        criteria=criteria_for(policy.pack, policy.revision, ticket.product)
        if kind is Prioritize
        else (),
    )


def _choices(wordings: Sequence[Mapping[str, Any]]) -> Mapping[str, tuple[str | int, ...]]:
    return {
        name: tuple(dict.fromkeys(wording[name] for wording in wordings))
        for name, value in wordings[0].items()
        if name in CHOSEN and value not in (WORDS, SOME_TEXT)
    }


def _wordings(
    kind: type[OnTicket],
    ticket: Ticket,
    history: Sequence[Happened],
    at: datetime,
    actor: Actor,
    policy: Policy,
) -> Iterator[Mapping[str, Any]]:
    """Yield the command with each plausible set of fields; optional fields are mostly left out."""
    known = {
        "request": [*ticket.requests] or [WORDS],
        "wait": [*ticket.work.third_parties] or [WORDS],
        "priority": list(get_args(Priority)),
        "method": ["documented", "alternative"],
        "form": ["written"],
        "to": [actor.id],
        "confirmed": [True],
        "agreed_for": [at + SOON],
        "deadline": [at + SOON],
        "seconds": [int(SOON.total_seconds())],
        "parts": [(Part(ANOTHER_TICKET, WORDS),)],
        "content_ids": [tuple(ticket.contents())],
    }
    lists: Mapping[type[OnTicket], Mapping[str, object]] = {
        Close: policy.closing_reasons,
        Reject: policy.rejection_reasons,
        ExcuseBreach: policy.excuses,
    }
    if kind in lists:
        reasons = [*lists[kind]] or [WORDS]
        known |= {"reason": reasons, "plan_reference": [WORDS], "reference": [WORDS]}
    if kind is ExcuseBreach:
        known |= {"turn": [*breached_turns(history, policy, at)] or [1]}
    said = {
        name: [SOME_TEXT] if is_text else known.get(name, [WORDS])
        for name, is_text, needed in _FIELDS[kind]
        if is_text or needed or name in known
    }
    for values in product(*said.values()):
        yield dict(zip(said, values, strict=True))


def _recorded(
    kind: type[OnTicket], ticket: Ticket, history: Sequence[Happened]
) -> Iterator[tuple[Mapping[str, Any], tuple[OtherTicket, ...]]]:
    """Yield the fields of what is recorded, and the other tickets: repeating it changes nothing.

    The plausible fields do not include the approver of an excuse, nor the tickets that became parts
    or were combined into this one.
    """
    if kind is ExcuseBreach:
        for excuse in excuses_of(history):
            yield (
                {"turn": excuse.turn, "reason": excuse.reason, "approver": excuse.approver},
                (),
            )
    elif kind is Split and ticket.parts:
        parts = tuple(Part(UUID(part), WORDS) for part in ticket.parts)
        yield {"parts": parts, "reason": WORDS}, ()
    elif kind is Merge and ticket.sources:
        into = Merged(at=ticket.updated_at, into=str(ticket.id))
        yield {}, (OtherTicket(replace(ticket, id=ANOTHER_TICKET, phase=into), ()),)


def _fields(kind: type[OnTicket]) -> Sequence[tuple[str, bool, bool]]:
    """Return the fields of a command: name, whether it holds a text, whether it is required."""
    hints = get_type_hints(kind)
    return [
        (
            each.name,
            hints[each.name] in (ContentRef, ContentRef | None),
            each.default is each.default_factory is MISSING,
        )
        for each in fields(kind)
    ]


_FIELDS = {kind: _fields(kind) for kind in get_args(OnTicket)}


def _another_of_its_user(ticket: Ticket) -> Ticket:
    """Return the ticket with which a merge is tried: a new one of the same user."""
    return replace(
        ticket, id=ANOTHER_TICKET, phase=Open(), requests={}, work=Work(), counting=False
    )
