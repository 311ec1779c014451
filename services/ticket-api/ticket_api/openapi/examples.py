"""An example of each operation's answer, made by the code that makes the answers.

They are about one made-up ticket: opened, registered, asked about.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from docket_events.codec import type_of
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Recorded
from docket_events.schemas import schema_of
from docket_events.ticket import ContentRef, InformationRequested, ResponseSent, TicketCreated
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import addressing_time, response_clock
from docket_policies.deadlines.timers import information_deadline, timers
from docket_policies.terms.editions import edition_data, packs
from docket_policies.terms.loader import policy_of
from docket_policies.views import addressing_answer, clock_answer, timer_answer
from docket_simulation.clauses import all_clauses
from docket_simulation.simulator import answer, written_out
from ticket_api.commands.bodies import TICKET_BODIES, CreateBody
from ticket_api.terms.schemas import QUESTION
from ticket_api.tickets.readable_texts import ReadableTexts
from ticket_api.tickets.views import event_view, ticket_view

TICKET_ID = UUID("01978a6e-6c00-7000-8def-0123456789ab")
NINE = datetime(2026, 6, 8, 9, tzinfo=UTC)


@cache
def of_answers() -> Mapping[str, Any]:
    """Return a successful answer by operation id."""
    return {name: _plain(make()) for name, make in _ANSWERS.items()}


def of_ticket() -> Any:
    """Return the ticket as commands answer it."""
    return _plain(ticket_view(_ticket()))


def _ticket() -> Ticket:
    ticket = fold(TICKET_ID, _history())
    assert ticket is not None, "the example opens with TicketCreated"
    return ticket


@cache
def _history() -> tuple[Recorded, ...]:
    example = CreateBody.example
    asked = NINE + timedelta(hours=1)
    opened = TicketCreated(
        number="DKT-1001",
        account_id="acme",
        requester_id="ann",
        channel="client_area",
        product=example["product"],
        priority="Low",
        pack="regulations",
        revision="R-2025-03-27",
        readings_version=2,
        subject=_text(1),
        description=_text(2),
    )
    fresh = fold(TICKET_ID, (_recorded(1, opened, NINE),))
    assert fresh is not None, "the example opens with TicketCreated"
    terms = policy_of(fresh)
    window = terms.information_window
    request = InformationRequested(
        request="q1",
        items=_text(3),
        deadline=information_deadline(terms, asked),
        clause=window.clause if window else None,
    )
    events: tuple[tuple[Event, datetime], ...] = (
        (opened, NINE),
        (RegistrationNoticeSent(NINE, UUID(int=7)), NINE),
        (ResponseSent(_text(4)), NINE + timedelta(minutes=30)),
        (request, asked),
    )
    return tuple(_recorded(n, event, at) for n, (event, at) in enumerate(events, 1))


def _recorded(version: int, event: Event, at: datetime) -> Recorded:
    by_user = isinstance(event, TicketCreated)
    return Recorded(
        partition=3566,
        position=40 + version,
        ticket_id=TICKET_ID,
        version=version,
        event_id=UUID(int=TICKET_ID.int + version),
        type=type_of(event),
        schema_version=1,
        event=event,
        occurred_at=at,
        recorded_at=at,
        actor=Actor("customer", "ann") if by_user else Actor("agent", "max"),
        correlation_id=UUID(int=TICKET_ID.int + 100 + version),
        causation_id=None,
        hash=b"",
    )


def _text(number: int) -> ContentRef:
    return ContentRef(UUID(int=TICKET_ID.int + 200 + number), f"{number:064x}")


def _texts() -> ReadableTexts:
    example = CreateBody.example
    texts = (
        example["subject"],
        example["description"],
        TICKET_BODIES["request-information"].example["items"],
        "Seen.",
    )
    return ReadableTexts({_text(number).id: text for number, text in enumerate(texts, 1)})


def _row() -> dict[str, Any]:
    ticket = ticket_view(_ticket())
    of_the_list = ("registered_at", "created_at", "updated_at", "account_id", "requester_id")
    named = ("id", "number", "version", "status", "waiting_for", "priority", "assignee", "channel")
    shown = {name: ticket[name] for name in (*named, *of_the_list, "product", "pack", "revision")}
    clock = response_clock(_history(), policy_of(_ticket()), NINE + timedelta(hours=2))
    closing = {"closed_at": None, "objections_until": None, "supported": "unknown"}
    return {
        **shown,
        **closing,
        "imported": False,
        "clock_state": clock.state,
        "due_at": clock.deadline,
    }


def _clock() -> dict[str, Any]:
    history, terms, at = _history(), policy_of(_ticket()), NINE + timedelta(hours=2)
    return {
        "at": at,
        "response_clock": clock_answer(response_clock(history, terms, at)),
        "addressing_time": addressing_answer(addressing_time(history, terms, at)),
        "deadlines": [timer_answer(timer) for timer in timers(history, terms)],
    }


def _events() -> dict[str, Any]:
    shown = [event_view(recorded, _texts()) for recorded in _history()[:2]]
    return {"items": shown, "next_after": 2}


def _clause() -> dict[str, Any]:
    clause = next(iter(all_clauses().values()))
    return {"id": clause.id, "pack": clause.pack, "kind": clause.kind, "says": clause.says}


_ANSWERS: Mapping[str, Callable[[], Any]] = {
    "list_tickets": lambda: {"items": [_row()], "next_cursor": None},
    "get_ticket": lambda: ticket_view(_ticket(), _texts()),
    "get_history": _events,
    "get_clock": _clock,
    "simulate": lambda: answer(QUESTION),
    "list_packs": lambda: {"items": packs()},
    "get_edition": lambda: edition_data("ispmanager", "M-2021"),
    "get_clause": _clause,
    "get_event_schema": lambda: schema_of("ClosureDecided", 2),
}


def _plain(value: Any) -> Any:
    """Return a value as a reader of its JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(written_out(value)))
