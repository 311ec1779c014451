"""The history that a question gives, completed.

A question names only what matters to it: `TicketCreated` of a channel, a request without its
deadline. What it leaves out and the log would have is filled in by this module alone: who, which
product, and what the terms decided at that instant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from docket_events.codec import EVENT_TYPES, UnknownEventType, from_data
from docket_events.combining import SplitChildCreated, TicketsMerged
from docket_events.opening import KNOWN_ENVIRONMENTS
from docket_events.recorded import Fact
from docket_events.ticket import InformationRejected
from docket_policies.clock.waits import WaitEvent, Waits
from docket_policies.deadlines.timers import information_deadline, objections_until
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.policy import ClosingReason, Policy
from docket_simulation.scenarios.content_refs import with_references
from docket_simulation.scenarios.limits import instant_of

USER, AGENT = "user", "agent"
TICKET, ACCOUNT = "T1", "account"
NOTICE = UUID("5a6f2a0e-8a53-5d0e-9d6e-6b1d0a4f1c12")


def history_of(told: Sequence[Any], terms: Policy, created: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return the events of a question in time order, with what it left out.

    `created` has what the question says of the ticket outside of its events. Raises Unanswerable
    with the number of the event that is wrong.
    """
    history = [_event(event, number, terms, created) for number, event in enumerate(told, 1)]
    return tuple(_with_deadlines(sorted(history, key=lambda fact: fact.occurred_at), terms))


def _with_deadlines(history: Sequence[Fact], terms: Policy) -> Iterator[Fact]:
    """Say in each rejection of an answer until when the user may answer again (C-56)."""
    waits = Waits(terms)
    for fact in history:
        match fact.event:
            case InformationRejected(request=request) as rejected:
                waits.take(rejected, fact)
                until = waits.valid_until(request)
                yield Fact(replace(rejected, deadline=until), fact.occurred_at)
            case event if isinstance(event, WaitEvent):
                waits.take(event, fact)
                yield fact
            case SplitChildCreated() | TicketsMerged() as event:
                waits.take_over(event, fact)
                yield fact
            case _:
                yield fact


def just_created(at: datetime, terms: Policy, created: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return the history of a question without one: a ticket created and registered at `at`."""
    return tuple(
        Fact(from_data(kind, _filled(kind, {}, at, terms, created)), at)
        for kind in ("TicketCreated", "RegistrationNoticeSent")
    )


def _event(told: Any, number: int, terms: Policy, created: Mapping[str, Any]) -> Fact:
    where = f"events[{number}]"
    if not isinstance(told, Mapping):
        raise Unanswerable("event_wrong", f"{where}: an event is a table of at, type and data")
    event = Question(told)
    kind = event.text("type")
    if kind not in EVENT_TYPES:
        raise Unanswerable("unknown_event", f"{where}: there is no event {kind!r}")
    data = told.get("data") or {}
    if not isinstance(data, Mapping):
        raise Unanswerable("event_wrong", f"{where}: data is a table")
    try:
        at = instant_of(event, "at")
        return Fact(from_data(kind, _filled(kind, data, at, terms, created)), at)
    except (UnknownEventType, ValueError, TypeError) as wrong:
        raise Unanswerable("event_wrong", f"{where}: {kind}: {wrong}") from None


def _filled(
    kind: str,
    data: Mapping[str, Any],
    at: datetime,
    terms: Policy,
    created: Mapping[str, Any],
) -> dict[str, Any]:
    left_out = {**_NAMES.get(kind, {}), **_decided_then(kind, data, at, terms)}
    known: Mapping[str, Any] = created if kind == "TicketCreated" else {}
    told = {**left_out, **known, **data}
    environment = KNOWN_ENVIRONMENTS.get(str(told.get("environment")))
    if kind == "TicketCreated" and environment is not None:
        told = {"environment_kind": environment, **told}
    return with_references(EVENT_TYPES[kind], told)


_NAMES: Mapping[str, Mapping[str, Any]] = {
    "TicketCreated": {
        "number": TICKET,
        "account_id": ACCOUNT,
        "requester_id": USER,
        "channel": "client_area",
    },
    "TicketImported": {"source": "elsewhere", "source_id": TICKET},
    "TicketRegisteredInClientArea": {"on_behalf_of": USER},
    "RegistrationNoticeSent": {"notice_id": NOTICE},
    "ClosureNoticeSent": {"notice_id": NOTICE},
    "InformationRequested": {"request": "q1"},
    "InformationProvided": {"request": "q1"},
    "InformationRejected": {"request": "q1"},
    "UploadCompleted": {"request": "q1"},
    "TicketSuspended": {"by": USER},
    "TicketResumed": {"by": USER},
    "TicketRevoked": {"by": USER},
    "ThirdPartyWaitStarted": {"id": "v1"},
    "ThirdPartyResponseReceived": {"id": "v1"},
    "AccessRestricted": {"account_id": ACCOUNT},
    "AccessRestored": {"account_id": ACCOUNT},
    "LicenseRecorded": {"account_id": ACCOUNT, "license": "L1", "product": ""},
    "ContactRecorded": {"account_id": ACCOUNT, "contact": USER},
    "ContactWithdrawn": {"account_id": ACCOUNT, "contact": USER},
    "MergedInto": {"into": "T2"},
}
"""Values for required fields that a question leaves out."""


def _decided_then(
    kind: str, data: Mapping[str, Any], at: datetime, terms: Policy
) -> Mapping[str, Any]:
    """Return the fields that the terms decided at the instant of an event."""
    match kind:
        case "TicketCreated":
            return {
                "priority": terms.initial_priority,
                "pack": terms.pack,
                "revision": terms.revision,
                "readings_version": terms.readings_version,
            }
        case "RegistrationNoticeSent":
            return {"sent_at": at}
        case "InformationRequested":
            return {"deadline": information_deadline(terms, at)}
        case "ClosureDecided":
            return _reason(terms.closing_reasons, data)
        case "TicketRejected":
            return _reason(terms.rejection_reasons, data)
        case "ClosureNoticeSent":
            return {"sent_at": at, "objections_until": objections_until(terms, at)}
        case "TicketAutoClosed" if terms.auto_close is not None:
            return {"reason": terms.auto_close.reason, "clause": terms.auto_close.clause}
        case _:
            return {}


def _reason(reasons: Mapping[str, ClosingReason], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the reason that the question names, or the first of the list, with its clause."""
    name = str(data.get("reason") or next(iter(reasons), ""))
    known = reasons.get(name)
    return {"reason": name, "clause": known.clause if known else "unknown"}
