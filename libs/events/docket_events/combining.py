"""Dividing a ticket and combining several: what it does to each of them (R-6.3, I-3.3).

Each ticket has its own history, so one decision is written as one event in each history it touches.
What a part or a combined ticket takes over of another ticket's waits stands in its own event, so
that its history alone says all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from msgspec import Struct

from docket_events.ticket import ContentRef, Priority, RequestKind
from docket_events.written import Written

WaitKind = Literal["information", "third_party", "cause_unknown", "operation"]
"""What a ticket can wait for (R-6.8)."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An information request taken over, open since the moment it was made (C-05)."""

    request: str
    requested_at: datetime
    kind: RequestKind = "information"
    deadline: datetime | None = None
    items: ContentRef | None = None


class AdoptedWait(Struct, frozen=True, omit_defaults=True, rename={"from_": "from"}):
    """A wait of the clock that is handed on; `to` is None where it was still open.

    `id` is that of the request, or of the wait for a third party, as the new ticket knows it.
    """

    kind: WaitKind
    from_: datetime
    to: datetime | None = None
    id: str | None = None


class AdoptedTeam(Struct, frozen=True, omit_defaults=True, rename={"from_": "from"}):
    """A team had the ticket; `to` is None where it still has it, `team` where it is obvious."""

    from_: datetime
    to: datetime | None = None
    team: str | None = None


class AdoptedDeadline(Struct, frozen=True, omit_defaults=True):
    """An individual deadline, when it was set, and by how many seconds waits had lengthened it."""

    set: datetime
    deadline: datetime
    held_s: int = 0


class Adopted(Struct, frozen=True, omit_defaults=True):
    """The clock that a ticket hands on to a part or to a combined ticket (C-59, C-60).

    What lies between `base` and the event is counted from these fields alone. Without a base no
    turn opens. `void` says that its term had been voided, `forwarded` that a relevant team has it.
    """

    base: datetime | None = None
    waits: tuple[AdoptedWait, ...] = ()
    team: tuple[AdoptedTeam, ...] = ()
    extensions_s: int = 0
    forwarded: bool = False
    void: bool = False
    individual: AdoptedDeadline | None = None


@dataclass(frozen=True, slots=True)
class TicketSplit:
    """Parts were made of this ticket; what is left of it stays here.

    `numbers` are those of the parts, by which the user is told.
    """

    parts: tuple[str, ...] = ()
    reason: Written | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SplitChildCreated:
    """This ticket is a part of `parent`, made at this moment.

    `parent_base` is the start of the parent's turn, None where its clock had not started. A request
    told by its id alone counts from here. `adopted` is the parent's clock where it goes on (C-60).
    """

    parent: str
    parent_created_at: datetime
    priority: Priority
    parent_base: datetime | None = None
    reason: Written | None = None
    open_requests: tuple[str | OpenRequest, ...] = ()
    third_parties: tuple[str, ...] = ()
    cause_unknown: bool = False
    agreed_for: datetime | None = None
    adopted: Adopted | None = None


@dataclass(frozen=True, slots=True)
class TicketsMerged:
    """Other tickets were combined into this one.

    `created_at` are the creations of all that were combined, this one among them. `answered` says
    that none of them waits for the provider, so no turn opens. The waits are those still open on
    any of them. `adopted` is the clock that the combined ticket goes on with (C-59), None in a log
    that knows only creations.
    """

    created_at: tuple[datetime, ...]
    priority: Priority
    sources: tuple[str, ...] = ()
    reason: Written | None = None
    answered: bool = False
    open_requests: tuple[str | OpenRequest, ...] = ()
    third_parties: tuple[str, ...] = ()
    cause_unknown: bool = False
    agreed_for: datetime | None = None
    adopted: Adopted | None = None


@dataclass(frozen=True, slots=True)
class MergedInto:
    """This ticket lives on in another one: it ends without notice and without objection (C-23).

    `number` is the other one's, by which its user is told (C-71).
    """

    into: str
    number: str | None = None


CombiningEvent = TicketSplit | SplitChildCreated | TicketsMerged | MergedInto
