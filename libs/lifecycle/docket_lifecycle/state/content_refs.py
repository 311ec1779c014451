"""The content that a history refers to: who brought it, and whether it was erased (C-40)."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from docket_events.contents import REFERRING, attachments_of, texts_of
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.notice import SentNotice
from docket_events.recorded import Actor, Event, Happened
from docket_events.ticket import TicketCorrected, TicketCreated

_ERASING = (AttachmentErased, ContentErased)

_ABOUT_CONTENT = REFERRING.union(_ERASING)

ContentEvent = tuple[Event, Actor | None]
"""An event about content, and who caused it."""


class Content(Struct, frozen=True):
    """A content of the ticket: `by` brought it, None where that is not known.

    The text of a notice repeats the contents that it `quotes`.
    """

    by: str | None
    is_file: bool = False
    erased: bool = False
    quotes: tuple[UUID, ...] = ()


def content_events_of(happened: Happened) -> tuple[ContentEvent, ...]:
    """Return the event with its actor if it is about content, mostly ()."""
    event = happened.event
    return ((event, happened.actor),) if type(event) in _ABOUT_CONTENT else ()


def contents_of(events: Iterable[ContentEvent]) -> dict[UUID, Content]:
    """Return the contents that events refer to, by id, in the order in which they came."""
    contents: dict[UUID, Content] = {}
    requester: str | None = None
    for event, actor in events:
        if isinstance(event, _ERASING):
            for content_id in event.content_ids:
                if content_id in contents:
                    contents[content_id] = replace(contents[content_id], erased=True)
            continue
        if isinstance(event, TicketCreated):
            requester = event.requester_id
        by = _author(event, actor, requester)
        for reference in texts_of(event):
            quotes = event.quotes if isinstance(event, SentNotice) else ()
            contents.setdefault(reference.id, Content(by, quotes=quotes))
        for reference in attachments_of(event):
            contents.setdefault(reference.id, Content(by, is_file=True))
    return contents


def _author(event: Event, actor: Actor | None, requester: str | None) -> str | None:
    """Return the author; what a ticket says of itself is its requester's, whoever typed it."""
    if isinstance(event, TicketCreated | TicketCorrected):
        return requester
    return (actor.on_behalf_of or actor.id) if actor else None
