"""Which content an event refers to: the texts and the files beside the log, by their references."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, get_type_hints
from uuid import UUID

from docket_events.codec import EVENT_TYPES
from docket_events.combining import OpenRequest
from docket_events.erasure import AttachmentErased
from docket_events.recorded import Event, Happened
from docket_events.ticket import ContentRef

_Found = Callable[[Event], tuple[ContentRef, ...]]


def texts_of(event: Event) -> tuple[ContentRef, ...]:
    """Return the references to what an event says in words."""
    return tuple(ref for find in _TEXTS.get(type(event), ()) for ref in find(event))


def attachments_of(event: Event) -> tuple[ContentRef, ...]:
    """Return the references to the files that were sent with an event."""
    return getattr(event, "attachments", ()) if type(event) in _WITH_FILES else ()


def attachments_left(history: Iterable[Happened]) -> tuple[UUID, ...]:
    """Return the ids of the files that a history tells of and that are not erased, oldest first."""
    left: dict[UUID, None] = {}
    for happened in history:
        for ref in attachments_of(happened.event):
            left[ref.id] = None
        if isinstance(happened.event, AttachmentErased):
            for erased in happened.event.content_ids:
                left.pop(erased, None)
    return tuple(left)


def _one(name: str) -> _Found:
    def find(event: Event) -> tuple[ContentRef, ...]:
        ref = getattr(event, name)
        return () if ref is None else (ref,)

    return find


def _of_requests(event: Any) -> tuple[ContentRef, ...]:
    asked = (each for each in event.open_requests if isinstance(each, OpenRequest))
    return tuple(each.items for each in asked if each.items is not None)


_ONE = (ContentRef, ContentRef | None)


def _finders(kind: type[Event]) -> tuple[_Found, ...]:
    hints = get_type_hints(kind)
    names = (field.name for field in fields(kind))
    found = tuple(_one(name) for name in names if hints[name] in _ONE)
    return (*found, _of_requests) if "open_requests" in hints else found


_TEXTS: Mapping[type[Event], tuple[_Found, ...]] = {
    kind: finders for kind in EVENT_TYPES.values() if (finders := _finders(kind))
}
_WITH_FILES = frozenset(
    kind
    for kind in EVENT_TYPES.values()
    if any(field.name == "attachments" for field in fields(kind))
)
