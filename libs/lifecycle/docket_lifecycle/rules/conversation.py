"""Who has the ball: responses, replies and comments (R-1.14, C-04); and notes beside them."""

from docket_events.desk import CommentAdded, InternalNoteAdded
from docket_events.recorded import Event
from docket_events.ticket import ResponseSent, UserCommented, UserReplied
from docket_lifecycle.commands import Comment, Note, Reply, Respond
from docket_lifecycle.rules.contents import refuse_sent
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive, refuse_unless_worked_on
from docket_lifecycle.state.ticket import Ticket


def respond(ticket: Ticket, command: Respond, context: DecisionContext) -> tuple[Event, ...]:
    """Send a response to the user; the provider's turn ends (R-1.14)."""
    refuse_unless_worked_on(ticket, context.policy)
    refuse_sent(ticket, command.attachments, context)
    return (ResponseSent(command.content, command.proposes_solution, command.attachments),)


def message(
    ticket: Ticket, command: Reply | Comment, context: DecisionContext
) -> tuple[Event, ...]:
    """Add a message: the user's is a reply where the ball is with the user, else a comment (C-62).

    It depends on whose turn it is, not on the verb. During an open request, of which an upload is
    one, it is no answer to that request, so it is a comment. An agent's comment gives no ball away.
    """
    refuse_unless_alive(ticket, context.policy)
    refuse_sent(ticket, command.attachments, context)
    if context.actor.kind == "agent":
        return (CommentAdded("agent", command.content, command.attachments),)
    if ticket.waiting_for == "user" and not ticket.open_requests:
        return (UserReplied(command.content, command.attachments),)
    return (UserCommented(command.content, command.attachments),)


def note(ticket: Ticket, command: Note, context: DecisionContext) -> tuple[Event, ...]:
    """Add a note that the user never sees; it changes nothing else, so it is always allowed."""
    return (InternalNoteAdded(command.content),)
