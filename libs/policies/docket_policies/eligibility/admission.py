"""Who may open a ticket, through which channel, with which license."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, assert_never, get_args

from docket_events.ticket import Channel
from docket_policies.eligibility.choice_of_pack import of_its_product
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.entitlement import entitlements
from docket_policies.eligibility.question import Question
from docket_policies.terms.editions import Edition
from docket_policies.terms.table import Table

Sender = Literal["user", "partner", "sublicensee", "outsider"]
"""What the one who opens a ticket is to the license (R-3.3, I-1.4): an outsider is unknown."""

Rule = Literal["restriction", "channel", "person", "grounds", "sender", "license", "services"]


@dataclass(frozen=True, slots=True)
class GateRefusal:
    """The clause and the code by which something is not allowed."""

    clause: str
    code: str


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that is checked before a ticket is opened, of some products or of all (none named).

    `restriction`: access is restricted until a moment. `channel`: these channels are not offered.
    `person`: these people never may. `grounds`: these may on a ground. `sender`: this channel needs
    a known sender. `license`: it is active. `services`: support is paid for that day; `past` is the
    refusal where only the past was paid.
    """

    rule: Rule
    clause: str
    code: str
    who: tuple[str, ...]
    channel: str | None
    channels: tuple[str, ...]
    products: tuple[str, ...]
    grounds: Mapping[str, str]
    passes: str
    past: GateRefusal | None


def create(question: Question) -> Mapping[str, Any]:
    """Answer whether a ticket may be opened: allowed, clause, code.

    Fields: at, actor, channel, restricted_until, sender_is_contact, license_active, license_until,
    services_until or entitlements, and the grounds of a partner. If it may, the clause is that of
    the last gate that had something to check. Raises Unanswerable.
    """
    edition, question = edition_of(question), of_its_product(question)
    clause = edition.clause
    for verdict in _verdicts(question, gates_of(edition)):
        if isinstance(verdict, GateRefusal):
            return {"allowed": False, "clause": verdict.clause, "code": verdict.code}
        clause = verdict
    return {"allowed": True, "clause": clause, "code": "ok"}


def _verdicts(question: Question, gates: tuple[Gate, ...]) -> Iterator[str | GateRefusal]:
    for gate in gates:
        verdict = _verdict(gate, question)
        if verdict is not None:
            yield verdict


def _verdict(gate: Gate, question: Question) -> str | GateRefusal | None:
    """Return the clause by which a gate is passed, the refusal, or None where it does not apply."""
    refusal = GateRefusal(gate.clause, gate.code)
    actor = question.text("actor", "user")
    if gate.products and question.text("product", gate.products[0]) not in gate.products:
        return None
    match gate.rule:
        case "channel":
            return refusal if question.text("channel", "client_area") in gate.channels else None
        case "restriction":
            if not question.says("restricted_until"):
                return None
            lifted = question.instant("at") >= question.instant("restricted_until")
            return gate.passes if lifted else refusal
        case "person":
            return refusal if actor in gate.who else None
        case "grounds":
            if actor not in gate.who:
                return None
            return next((c for ground, c in gate.grounds.items() if question.flag(ground)), refusal)
        case "sender":
            if question.text("channel", "client_area") != gate.channel:
                return None
            return gate.passes if question.flag("sender_is_contact") else refusal
        case "license":
            return _license(gate, question, refusal)
        case "services":
            return _services(gate, question, refusal)
        case _:
            assert_never(gate.rule)


def _license(gate: Gate, question: Question, refusal: GateRefusal) -> str | GateRefusal | None:
    if question.says("license_active"):
        return gate.passes if question.flag("license_active") else refusal
    if question.says("license_until"):
        active = question.judged_on() <= question.day("license_until")
        return gate.passes if active else refusal
    return None


def _services(gate: Gate, question: Question, refusal: GateRefusal) -> str | GateRefusal | None:
    periods = entitlements(question)
    if not periods:
        return None
    on = question.judged_on()
    if any(period.support and period.covers(on) for period in periods):
        return gate.passes
    paid_past_only = not any(period.support for period in periods)
    return gate.past if gate.past is not None and paid_past_only else refusal


@cache
def gates_of(edition: Edition) -> tuple[Gate, ...]:
    """Return the gates of an edition in the order they are checked; raise BadPack."""
    return read_gates(needed(edition, "admission"))


def read_gates(table: Table) -> tuple[Gate, ...]:
    """Return the gates that the data of an edition names, in their order; raise BadPack."""
    gates = []
    for row in table.rows("gates"):
        named = row.value("rule", str)
        rule = next((known for known in get_args(Rule) if known == named), None)
        if rule is None:
            raise row.bad("rule", f"write one of {', '.join(get_args(Rule))}")
        who = row.names("who")
        for sender in who:
            if sender not in get_args(Sender):
                raise row.bad("who", f"{sender!r} is nobody: name of {', '.join(get_args(Sender))}")
        channel, channels = row.value("channel", str, ""), row.names("channels")
        for named_channel in (*channels, *((channel,) if channel else ())):
            if named_channel not in get_args(Channel):
                key = "channel" if named_channel == channel else "channels"
                raise row.bad(key, f"write one of {', '.join(get_args(Channel))}")
        clause, grounds, past = row.clause(), row.maybe("grounds"), row.maybe("past")
        gates.append(
            Gate(
                rule=rule,
                clause=clause,
                code=row.value("code", str),
                who=who,
                channel=channel or None,
                channels=channels,
                products=row.names("products"),
                grounds={name: grounds.value(name, str) for name in grounds} if grounds else {},
                passes=row.value("passes", str, clause),
                past=GateRefusal(past.clause(), past.value("code", str)) if past else None,
            )
        )
        row.value("says", str)
        row.done()
    table.done()
    return tuple(gates)
