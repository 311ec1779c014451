"""Dividing a ticket and combining several: what it does to each of them (R-6.3, I-3.3).

Each ticket has its own history, so one decision is written as one event in each history it touches.
What a part or a combined ticket takes over of another ticket's waits stands in its own event, so
that its history alone says all.
"""

from dataclasses import dataclass
from datetime import datetime

from docket_events.ticket import ContentRef, Priority, RequestKind


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An information request taken over, open since the moment it was made (C-05)."""

    request: str
    requested_at: datetime
    kind: RequestKind = "information"
    deadline: datetime | None = None
    items: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class TicketSplit:
    """Parts were made of this ticket; what is left of it stays here."""

    parts: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SplitChildCreated:
    """This ticket is a part of `parent`, made at this moment.

    `parent_base` is the start of the parent's turn, None where its clock had not started. A request
    told by its id alone counts from here.
    """

    parent: str
    parent_created_at: datetime
    priority: Priority
    parent_base: datetime | None = None
    reason: str | None = None
    open_requests: tuple[str | OpenRequest, ...] = ()
    third_parties: tuple[str, ...] = ()
    cause_unknown: bool = False
    agreed_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketsMerged:
    """Other tickets were combined into this one.

    `created_at` are the creations of all that were combined, this one among them. `answered` says
    that none of them waits for the provider, so no turn opens. The waits are those still open on
    any of them.
    """

    created_at: tuple[datetime, ...]
    priority: Priority
    sources: tuple[str, ...] = ()
    reason: str | None = None
    answered: bool = False
    open_requests: tuple[str | OpenRequest, ...] = ()
    third_parties: tuple[str, ...] = ()
    cause_unknown: bool = False
    agreed_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergedInto:
    """This ticket lives on in another one: it ends without notice and without objection (C-23)."""

    into: str


CombiningEvent = TicketSplit | SplitChildCreated | TicketsMerged | MergedInto
