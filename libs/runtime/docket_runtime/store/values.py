"""The arguments and the results of the store."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from docket_events.recorded import Actor, Event
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Ticket


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to append: `occurred_at` is when it happened, whole seconds.

    `actor` is who caused it where that is not the actor of the append.
    """

    event_id: UUID
    event: Event
    occurred_at: datetime
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """New events of one stream, decided on `expected_version` (0: the stream is new).

    `after` is the ticket folded with these events; the read-model row is made of it. An account's
    stream has no row.
    """

    ticket_id: UUID
    expected_version: int
    events: tuple[NewEvent, ...]
    after: Ticket | Account


class NewContent(NamedTuple):
    """Erasable content that an event refers to; written in the append's own transaction."""

    id: UUID
    ticket_id: UUID
    kind: str
    body: bytes
    salt: bytes
    media_type: str = "text/plain; charset=utf-8"


class CommandRecord(NamedTuple):
    """The record of an idempotent command: the digests of its key and of what was asked, and of
    which stream, at which version, the answer is made.

    It expires with its day (decision 0030), or never (`for_good`).
    """

    key: bytes
    request_hash: bytes
    ticket_id: UUID
    status: int
    version: int
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Append:
    """One append: all of its streams or none, all in one partition, each stream at most once."""

    partition: int
    streams: tuple[StreamAppend, ...]
    actor: Actor
    correlation_id: UUID
    causation_id: UUID | None = None
    contents: tuple[NewContent, ...] = field(default=())
    command: CommandRecord | None = None


class Appended(NamedTuple):
    """The append is durable; its events stand at last_position - n + 1 .. last_position."""

    last_position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was written: the ticket's version is not the one on which the append was decided."""

    ticket_id: UUID
    actual_version: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """Nothing was written: this key already has its answer."""

    record: CommandRecord


Outcome = Appended | Conflict | Repeated
