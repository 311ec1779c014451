"""The content that a history refers to: who brought it, and whether it was erased (C-40).

What a person wrote into an event of before stands in the log itself: it counts as content of that
event, known by the event's version (decision 0033).
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from docket_events.codec import ONCE_INSIDE, type_of
from docket_events.contents import REFERRING, attachments_of, texts_of
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.notice import SentNotice
from docket_events.recorded import Actor, Event, Happened
from docket_events.ticket import TicketCorrected, TicketCreated
from docket_events.written import Written

_ERASING = (AttachmentErased, ContentErased)

_ABOUT_CONTENT = REFERRING.union(_ERASING)


class ContentEvent(NamedTuple):
    """An event about content, its version in the history, and who caused it."""

    event: Event
    version: int
    actor: Actor | None


class Content(Struct, frozen=True):
    """A content of the ticket: `by` wrote it, None where that is not known.

    `about` is the requester of whose ticket it says something in a few words, such as why it was
    escalated: it is erased with what either of the two brought. The text of a notice repeats the
    contents that it `quotes`.
    """

    by: str | None
    is_file: bool = False
    erased: bool = False
    quotes: tuple[UUID, ...] = ()
    about: str | None = None

    def concerns(self, person: str) -> bool:
        """Return whether a person wrote it, or it says something of that person's ticket."""
        return person in (self.by, self.about)


def content_events_of(happened: Happened, version: int) -> tuple[ContentEvent, ...]:
    """Return the event with its version and actor if it is about content, mostly ()."""
    event = happened.event
    if type(event) not in _ABOUT_CONTENT:
        return ()
    return (ContentEvent(event, version, happened.actor),)


class Contents(NamedTuple):
    """The contents of a history in the order in which they came.

    Those `beside` the log are known by their ids, the texts `inside` by the version of their event.
    """

    beside: dict[UUID, Content]
    inside: dict[int, Content]


def contents_of(events: Iterable[ContentEvent]) -> Contents:
    """Return the contents that events refer to, and those that they have inside."""
    found = Contents({}, {})
    requester: str | None = None
    for event, version, actor in events:
        if isinstance(event, _ERASING):
            _erase(found, event)
            continue
        if isinstance(event, TicketCreated):
            requester = event.requester_id
        by = _author(event, actor, requester)
        in_few_words = _in_few_words(event)
        if any(isinstance(each, str) for each in in_few_words):
            found.inside[version] = Content(by, about=requester)
        for reference in texts_of(event):
            about = requester if reference in in_few_words else None
            quotes = event.quotes if isinstance(event, SentNotice) else ()
            content = Content(by, quotes=quotes, about=about)
            found.beside.setdefault(reference.id, content)
        for reference in attachments_of(event):
            found.beside.setdefault(reference.id, Content(by, is_file=True))
    return found


def _erase(found: Contents, event: AttachmentErased | ContentErased) -> None:
    for content_id in event.content_ids:
        if content_id in found.beside:
            found.beside[content_id] = replace(found.beside[content_id], erased=True)
    for version in event.versions if isinstance(event, ContentErased) else ():
        if version in found.inside:
            found.inside[version] = replace(found.inside[version], erased=True)


def _in_few_words(event: Event) -> tuple[Written, ...]:
    """Return what an event says of the ticket in a few words, such as a reason."""
    said = (getattr(event, name) for name in ONCE_INSIDE.get(type_of(event), ()))
    return tuple(each for each in said if each is not None)


def _author(event: Event, actor: Actor | None, requester: str | None) -> str | None:
    """Return the author; what a ticket says of itself is its requester's, whoever typed it."""
    if isinstance(event, TicketCreated | TicketCorrected):
        return requester
    return (actor.on_behalf_of or actor.id) if actor else None
