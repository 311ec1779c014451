"""What the API tells about whether and when a ticket is served: support, class, queue, hours."""

from datetime import datetime
from typing import Literal

from docket_events.opening import Rank
from ticket_api.http.fields import Schema


class SupportState(Schema):
    """Whether the terms serve the ticket, as far as was known when it was opened (C-69)."""

    supported: bool | Literal["unknown"]
    clause: str
    why: str


class ClassificationState(Schema):
    """How urgent a ticket is by what is down (H-policy-4).

    `mark_ignored`: its subject claimed an emergency that it is not.
    """

    rank: Rank
    clause: str
    mark_ignored: bool


class QueueState(Schema):
    """The place in the queue of the ticket's terms; in a place the first received goes first."""

    place: int
    places: int
    clause: str


class SupportWindowState(Schema):
    """When support answers under the ticket's plan: now, or from `open_from` on (H-policy-3)."""

    open_now: bool
    open_from: datetime
    open_until: datetime | None
    clause: str
