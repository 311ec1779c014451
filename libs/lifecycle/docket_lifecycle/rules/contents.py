"""The rules of content beside the log: a file is sent once, and who may erase what.

I-3.9.1-b, C-40, decision 0012. An erasure is an event; the database removes the bytes in the same
transaction.
"""

from collections.abc import Sequence

from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.recorded import Event
from docket_events.ticket import ContentRef
from docket_lifecycle.commands import Erase
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.ticket import Ticket


def erase(ticket: Ticket, command: Erase, context: DecisionContext) -> tuple[Event, ...]:
    """Erase the named contents, and all that is a person's; erased ones change nothing (C-40).

    That is what the person brought, and what others said of the person's ticket in a few words. The
    text of a notice goes with any text that it quotes. It is allowed in every phase, because a
    person may ask for it at any time.
    """
    contents, inside = ticket.contents(), ticket.texts_inside()
    unknown = [each for each in command.content_ids if each not in contents]
    if unknown:
        raise Refused("unknown_content", context.clause, f"the ticket has no content {unknown[0]}")
    person = command.person
    if person is not None and not any(
        content.concerns(person) for content in (*contents.values(), *inside.values())
    ):
        raise Refused("unknown_person", context.clause, "that person brought nothing to the ticket")
    left = {
        content_id: content
        for content_id, content in contents.items()
        if not content.erased
        and (content_id in command.content_ids or (person and content.concerns(person)))
    }
    repeating = (
        each
        for each, content in contents.items()
        if each not in left and not content.erased and not left.keys().isdisjoint(content.quotes)
    )
    texts = (*(each for each, content in left.items() if not content.is_file), *repeating)
    files = tuple(each for each, content in left.items() if content.is_file)
    versions = tuple(
        each
        for each, content in inside.items()
        if person and content.concerns(person) and not content.erased
    )
    clause = command.clause or context.clause
    return (
        *((ContentErased(texts, command.why, clause, versions),) if texts or versions else ()),
        *((AttachmentErased(files, command.why, clause),) if files else ()),
    )


def refuse_sent(
    ticket: Ticket, attachments: Sequence[ContentRef], context: DecisionContext
) -> None:
    """Raise Refused if a file was sent with another message: a file belongs to one message."""
    if not attachments:
        return
    contents = ticket.contents()
    for reference in attachments:
        if reference.id in contents:
            raise Refused(
                "attachment_already_sent", context.clause, f"{reference.id} was sent before"
            )
