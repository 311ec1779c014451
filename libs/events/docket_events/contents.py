"""Which content an event refers to: the texts and the files beside the log, by their references."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Literal, get_args, get_type_hints
from uuid import UUID

from docket_events.codec import EVENT_TYPES
from docket_events.combining import OpenRequest
from docket_events.erasure import AttachmentErased
from docket_events.recorded import Event, Happened
from docket_events.ticket import ContentRef

ContentKind = Literal[
    "attachment",
    "closing",
    "comment",
    "contact",
    "contact_address",
    "description",
    "information",
    "justification",
    "measures",
    "measures-agreed",
    "note",
    "objection",
    "objection-consequences",
    "objection-refusal",
    "rejection",
    "reply",
    "request",
    "response",
    "subject",
    "team-update",
]
CONTENT_KINDS: tuple[ContentKind, ...] = get_args(ContentKind)
"""The log takes no content of another kind; an event that erases files takes attachments alone."""


def texts_of(event: Event) -> tuple[ContentRef, ...]:
    """Return the references to the texts of an event."""
    kind = type(event)
    said = [getattr(event, name) for name in _TEXTS.get(kind, ())]
    if kind in _WITH_REQUESTS:
        said += _asked(event)
    return tuple([ref for ref in said if ref is not None])


def attachments_of(event: Event) -> tuple[ContentRef, ...]:
    """Return the references to the files that were sent with an event."""
    return getattr(event, "attachments", ()) if type(event) in _WITH_FILES else ()


def attachments_left(history: Iterable[Happened]) -> tuple[UUID, ...]:
    """Return the ids of the files that a history names and that are not erased, oldest first."""
    left: dict[UUID, None] = {}
    for happened in history:
        for ref in attachments_of(happened.event):
            left[ref.id] = None
        if isinstance(happened.event, AttachmentErased):
            for erased in happened.event.content_ids:
                left.pop(erased, None)
    return tuple(left)


def _asked(event: Any) -> list[ContentRef | None]:
    return [each.items for each in event.open_requests if isinstance(each, OpenRequest)]


def _of_type(kind: type[Event], *hints: object) -> tuple[str, ...]:
    known = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if known[field.name] in hints)


def _that_have(name: str) -> frozenset[type[Event]]:
    return frozenset(
        kind for kind in EVENT_TYPES.values() if any(field.name == name for field in fields(kind))
    )


_TEXTS: Mapping[type[Event], tuple[str, ...]] = {
    kind: names
    for kind in EVENT_TYPES.values()
    if (names := _of_type(kind, ContentRef, ContentRef | None))
}
_WITH_REQUESTS = _that_have("open_requests")
_WITH_FILES = _that_have("attachments")

REFERRING = frozenset(_TEXTS) | _WITH_REQUESTS | _WITH_FILES
"""The types of event that may refer to content."""
