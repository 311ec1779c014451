"""Appends as the rows that docket.append_batch takes; what is stored as events again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

from docket_events import codec
from docket_events.ids import partition_of_ticket
from docket_events.recorded import Actor, Recorded
from docket_lifecycle.account import Account
from docket_lifecycle.ticket import Ticket
from docket_runtime.store.model import Append, CommandRecord, StreamAppend

Row = tuple[Any, ...]

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
)


@dataclass(slots=True)
class Batch:
    """The arguments of one call, in the columns of the types that `append_batch.sql` declares."""

    states: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    contents: list[Row] = field(default_factory=list)
    commands: list[Row] = field(default_factory=list)


def batch_of(appends: Sequence[Append]) -> Batch:
    """Return the rows of appends to one partition; raise ValueError where one is not well made."""
    batch = Batch()
    for n, append in enumerate(appends):
        if not append.streams and append.command is None:
            raise ValueError("an append writes to a ticket or answers a command")
        for stream in append.streams:
            _check(append.partition, stream)
            batch.states.append((n, *_state(stream)))
            batch.events.extend(_events(n, append, stream))
        for content in append.contents:
            batch.contents.append(
                (
                    n,
                    content.id,
                    content.ticket_id,
                    content.kind,
                    content.media_type,
                    content.body,
                    content.salt,
                )
            )
        if append.command is not None:
            batch.commands.append((n, *_command(append.command)))
    return batch


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


_actor = lru_cache(4096)(Actor)
"""The same few people and services do most of what is recorded."""


def _check(partition: int, stream: StreamAppend) -> None:
    if partition_of_ticket(stream.ticket_id) != partition:
        raise ValueError(f"ticket {stream.ticket_id} is not of partition {partition}")
    reached = stream.expected_version + len(stream.events)
    if (stream.after.id, stream.after.version) != (stream.ticket_id, reached):
        raise ValueError(f"`after` is not ticket {stream.ticket_id} at version {reached}")


def _state(stream: StreamAppend) -> Row:
    expected = (stream.ticket_id, stream.expected_version, stream.after.version)
    if isinstance(stream.after, Account):
        return *expected, *_NO_TICKET
    return *expected, *ticket_row(stream.after)


def ticket_row(ticket: Ticket) -> Row:
    """Return what the read model shows of a ticket, in the order of TICKET_COLUMNS."""
    closed = ticket.closed
    return (
        *_as_it_is(ticket),
        ticket.imported is not None,
        ticket.created_at,
        ticket.updated_at,
        ticket.registered_at,
        closed.at if closed else None,
        closed.objections_until if closed else None,
    )


_as_it_is = attrgetter(*TICKET_COLUMNS[: TICKET_COLUMNS.index("imported")])
"""What the read model shows of a ticket under the same name, read at once."""

_NO_TICKET: Row = (None,) * 17


def _events(n: int, append: Append, stream: StreamAppend) -> Iterator[Row]:
    actor = append.actor
    for version, new in enumerate(stream.events, stream.expected_version + 1):
        yield (
            n,
            stream.ticket_id,
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
        )


def _command(command: CommandRecord) -> Row:
    return (
        command.scope,
        command.key,
        command.request_hash,
        command.ticket_id,
        command.status,
        command.version,
        command.answer,
    )
