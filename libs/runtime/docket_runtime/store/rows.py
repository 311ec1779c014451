"""Appends as rows for docket.append_batch; stored rows as events."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from docket_events import codec
from docket_events.ids import partition_of_ticket
from docket_events.recorded import Actor, Fact, Recorded
from docket_lifecycle.rules.opening.urgency import queue_place
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.store.values import Append, CommandRecord, StreamAppend

Columns = tuple[Any, ...]

EVENT_COLUMNS = (
    "partition",
    "position",
    "ticket_id",
    "version",
    "event_id",
    "type",
    "schema_version",
    "body",
    "occurred_at",
    "recorded_at",
    "actor_kind",
    "actor_id",
    "on_behalf_of",
    "correlation_id",
    "causation_id",
    "hash",
)

FACT_COLUMNS = (
    "type",
    "schema_version",
    "body",
    "occurred_at",
    "actor_kind",
    "actor_id",
    "on_behalf_of",
)
"""The columns of a fact: what rules need of an event."""

TICKET_COLUMNS = (
    "number",
    "account_id",
    "requester_id",
    "status",
    "waiting_for",
    "priority",
    "product",
    "channel",
    "pack",
    "revision",
    "assignee",
    "imported",
    "created_at",
    "updated_at",
    "registered_at",
    "closed_at",
    "objections_until",
    "queue_rank",
    "supported",
)


class Batch(NamedTuple):
    """The arguments of one call, with the columns of the types in `append_types.sql`."""

    rows: list[Columns]
    contents: list[Columns]


def batch_of(appends: Sequence[Append]) -> Batch:
    """Return the rows of appends to one partition; raise ValueError if one is malformed."""
    rows: list[Columns] = []
    eventless: list[Columns] = []
    contents: list[Columns] = []
    for n, append in enumerate(appends):
        if not append.streams and append.command is None:
            raise ValueError("an append writes to a ticket or answers a command")
        command: Columns = append.command or _NO_COMMAND
        for stream in append.streams:
            _check(append.partition, stream)
            (rows if stream.events else eventless).extend(_rows(n, append, stream, command))
            command = _NO_COMMAND
        if not append.streams:
            eventless.append((n, None, None, *_NO_EVENT, *_NO_TICKET, *command))
        contents.extend((n, *content) for content in append.contents)
    return Batch(rows + eventless, contents)


def recorded(row: Sequence[Any]) -> Recorded:
    """Read a stored event, its columns in the order of EVENT_COLUMNS; raise UnknownEventType."""
    (
        partition,
        position,
        ticket_id,
        version,
        event_id,
        type_name,
        schema_version,
        body,
        occurred_at,
        recorded_at,
        actor_kind,
        actor_id,
        on_behalf_of,
        correlation_id,
        causation_id,
        link,
    ) = row[: len(EVENT_COLUMNS)]
    return Recorded(
        partition,
        position,
        ticket_id,
        version,
        event_id,
        type_name,
        schema_version,
        codec.decode(type_name, schema_version, body),
        occurred_at,
        recorded_at,
        _actor(actor_kind, actor_id, on_behalf_of),
        correlation_id,
        causation_id,
        link,
    )


def fact(row: Sequence[Any]) -> Fact:
    """Read the fact of a stored event, by FACT_COLUMNS in order; raise UnknownEventType."""
    type_name, schema_version, body, occurred_at, *actor = row[: len(FACT_COLUMNS)]
    return Fact(codec.decode(type_name, schema_version, body), occurred_at, _actor(*actor))


_actor = lru_cache(4096)(Actor)
"""Few people and services cause most events, so their values are kept."""


def _check(partition: int, stream: StreamAppend) -> None:
    if partition_of_ticket(stream.ticket_id) != partition:
        raise ValueError(f"ticket {stream.ticket_id} is not of partition {partition}")
    reached = stream.expected_version + len(stream.events)
    if (stream.after.id, stream.after.version) != (stream.ticket_id, reached):
        raise ValueError(f"`after` is not ticket {stream.ticket_id} at version {reached}")


def ticket_row(ticket: Ticket) -> Columns:
    """Return the read-model row of a ticket, in the order of TICKET_COLUMNS."""
    closed = ticket.closed
    return (
        *_as_it_is(ticket),
        ticket.imported is not None,
        ticket.created_at,
        ticket.updated_at,
        ticket.registered_at,
        closed.at if closed else None,
        closed.objections_until if closed else None,
        queue_place(ticket).share,
        None if ticket.support is None else str(ticket.support.supported).lower(),
    )


_as_it_is = attrgetter(*TICKET_COLUMNS[: TICKET_COLUMNS.index("imported")])
"""The fields of a ticket that have the same name in the read model, read in one call."""

_NO_EVENT: Columns = (None,) * 11
_NO_TICKET: Columns = (None,) * len(TICKET_COLUMNS)
_NO_COMMAND: Columns = (None,) * len(CommandRecord._fields)


def _rows(n: int, append: Append, stream: StreamAppend, command: Columns) -> Iterator[Columns]:
    expected: int | None = stream.expected_version
    after = _NO_TICKET if isinstance(stream.after, Account) else ticket_row(stream.after)
    if not stream.events:  # only looked at
        yield n, stream.ticket_id, expected, *_NO_EVENT, *_NO_TICKET, *command
    for version, new in enumerate(stream.events, stream.expected_version + 1):
        actor = new.actor or append.actor
        yield (
            n,
            stream.ticket_id,
            expected,
            version,
            new.event_id,
            codec.type_of(new.event),
            codec.schema_version_of(new.event),
            codec.encode(new.event),
            new.occurred_at,
            actor.kind,
            actor.id,
            actor.on_behalf_of,
            append.correlation_id,
            append.causation_id,
            *(after if version == stream.after.version else _NO_TICKET),
            *command,
        )
        expected, command = None, _NO_COMMAND
