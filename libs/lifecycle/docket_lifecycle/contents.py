"""What a history refers to beside the log, and erasing it (I-3.9.1-b, C-40, decision 0012).

An erasure is an event; the database takes the bytes away in the same transaction.
"""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from msgspec.structs import replace

from docket_events.contents import REFERRING, attachments_of, texts_of
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.recorded import Event, Happened
from docket_events.ticket import ContentRef, TicketCreated
from docket_lifecycle.asking import Asking
from docket_lifecycle.commands import Erase
from docket_lifecycle.refused import Refused
from docket_lifecycle.ticket import Content, Ticket

_ERASING = (AttachmentErased, ContentErased)
_TOLD = REFERRING.union(_ERASING)


def note(contents: dict[UUID, Content], happened: Happened) -> None:
    """Put down what an event refers to, or that it was erased."""
    event = happened.event
    if type(event) not in _TOLD:  # most events say nothing of content, and a fold is long
        return
    if isinstance(event, _ERASING):
        for content_id in event.content_ids:
            if content_id in contents:
                contents[content_id] = replace(contents[content_id], erased=True)
        return
    by = _author(happened)
    for reference in texts_of(event):
        contents.setdefault(reference.id, _brought(by))
    for reference in attachments_of(event):
        contents.setdefault(reference.id, _brought(by, is_file=True))


_brought = lru_cache(4096)(Content)
"""The same few people bring most of it, and what is brought never changes."""


def _author(happened: Happened) -> str | None:
    """Return who said it; the words of a new ticket are its requester's, whoever typed them."""
    if isinstance(happened.event, TicketCreated):
        return happened.event.requester_id
    actor = happened.actor
    return (actor.on_behalf_of or actor.id) if actor else None


def erase(ticket: Ticket, command: Erase, asking: Asking) -> tuple[Event, ...]:
    """Erase what is named, and all that a person brought; what is erased already is so (C-40).

    It may come in every phase, because a person may ask for it at any time.
    """
    unknown = [each for each in command.content_ids if each not in ticket.contents]
    if unknown:
        raise Refused("unknown_content", asking.clause, f"the ticket has no content {unknown[0]}")
    if command.person is not None and not any(
        content.by == command.person for content in ticket.contents.values()
    ):
        raise Refused("unknown_person", asking.clause, "that person brought nothing to the ticket")
    left = {
        content_id: content
        for content_id, content in ticket.contents.items()
        if not content.erased
        and (content_id in command.content_ids or content.by == command.person is not None)
    }
    texts = tuple(each for each, content in left.items() if not content.is_file)
    files = tuple(each for each, content in left.items() if content.is_file)
    clause = command.clause or asking.clause
    return (
        *((ContentErased(texts, command.why, clause),) if texts else ()),
        *((AttachmentErased(files, command.why, clause),) if files else ()),
    )


def refuse_sent(ticket: Ticket, attachments: Sequence[ContentRef], asking: Asking) -> None:
    """Raise Refused if a file was sent with another message: it belongs to one."""
    for reference in attachments:
        if reference.id in ticket.contents:
            raise Refused(
                "attachment_already_sent", asking.clause, f"{reference.id} was sent before"
            )
