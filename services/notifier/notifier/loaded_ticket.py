"""A ticket that notifier works on, as far as it has read or written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from docket_events.ids import account_beside
from docket_events.recorded import Actor, Event, Fact, Recorded
from docket_lifecycle.state.account import Account, fold_account
from docket_lifecycle.state.fold import evolve, fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.loader import policy_of
from docket_policies.terms.policy import Policy
from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import append_on
from docket_runtime.store.history import History, read_many
from docket_runtime.store.values import Append, Appended, NewContent, NewEvent, StreamAppend
from notifier.decide import OWNER
from notifier.letter_words import refs_of
from notifier.owed_notice import OwedNotice

ACTOR = Actor("service", OWNER)

log = structlog.get_logger()

_TEXTS = (
    "select content_id, body from docket.contents where partition = $1 and content_id = any($2)"
)


class UnknownTicket(Exception):
    """The ticket of a message is not in this log."""


@dataclass(slots=True)
class LoadedTicket:
    """A ticket that notifier works on: `ticket` and `history` as far as it has read or written."""

    ticket: Ticket
    history: History
    policy: Policy


def open_case(ticket_id: UUID, history: History) -> LoadedTicket:
    """Return the loaded ticket; raise UnknownTicket or UnknownPack."""
    ticket = fold(ticket_id, history)
    if ticket is None:
        raise UnknownTicket(f"the log knows no ticket {ticket_id}")
    return LoadedTicket(ticket, history, policy_of(ticket))


async def append(
    connection: asyncpg.Connection,
    case: LoadedTicket,
    event: Event,
    at: datetime,
    cause: Recorded,
    contents: tuple[NewContent, ...] = (),
) -> bool:
    """Append an event decided on the present ticket; on a conflict load it again instead."""
    after = evolve(case.ticket, Fact(event, at))
    asked = Append(
        partition=cause.partition,
        streams=(
            StreamAppend(
                case.ticket.id, case.ticket.version, (NewEvent(new_id(), event, at),), after
            ),
        ),
        actor=ACTOR,
        correlation_id=cause.correlation_id,
        causation_id=cause.event_id,
        contents=contents,
    )
    (outcome,) = await append_on(connection, [asked])
    history = (await read_many(connection, cause.partition, [case.ticket.id]))[case.ticket.id]
    ticket = fold(case.ticket.id, history)
    assert ticket is not None, "what has a history has a beginning"
    case.history, case.ticket = history, ticket
    return isinstance(outcome, Appended)


async def read_texts(
    connection: asyncpg.Connection, case: LoadedTicket, notices: Sequence[OwedNotice]
) -> dict[UUID, bytes | None]:
    """Return the contents that letters about these notices quote, None if one was erased."""
    wanted = {ref.id for notice in notices for ref in refs_of(notice, case.ticket)}
    with reachable():
        rows = await connection.fetch(_TEXTS, case.history[0].partition, list(wanted))
    return {row[0]: row[1] for row in rows}


async def read_account(connection: asyncpg.Connection, case: LoadedTicket) -> Account | None:
    """Return the account of a ticket, None where this version cannot read it.

    Raise Unavailable.
    """
    stream = account_beside(case.ticket.id, case.ticket.account_id)
    try:
        history = await read_many(connection, case.history[0].partition, [stream])
        return fold_account(Account(stream, case.ticket.account_id), history[stream])
    except ValueError:
        log.exception("account_unreadable", ticket=str(case.ticket.id))
        return None
