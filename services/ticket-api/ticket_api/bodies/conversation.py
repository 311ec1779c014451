"""Bodies of the conversation: what the sides tell and ask each other."""

from typing import Any, ClassVar

from docket_events.teams import TaskKind
from docket_events.ticket import RequestKind
from docket_lifecycle import commands
from ticket_api.bodies.shapes import Name, SomeText, Text, TicketBody
from ticket_api.contents import Drafts


class RespondBody(TicketBody):
    """Answer the user; the provider's turn ends (R-1.14)."""

    example: ClassVar[dict[str, Any]] = {
        "text": "Restart the agent on each node.",
        "proposes_solution": True,
    }

    text: SomeText
    proposes_solution: bool = False

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Respond(drafts.text("response", self.text), self.proposes_solution)


class ReplyBody(TicketBody):
    """Reply to the provider; while the provider has the ball it is a comment (C-06)."""

    example: ClassVar[dict[str, Any]] = {"text": "Done, one node still does not answer."}

    text: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Reply(drafts.text("reply", self.text))


class CommentBody(TicketBody):
    """Add a message that moves no clock (C-06)."""

    example: ClassVar[dict[str, Any]] = {"text": "It happened again at 15:00."}

    text: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Comment(drafts.text("comment", self.text))


class NoteBody(TicketBody):
    """Write a note that the user never sees."""

    example: ClassVar[dict[str, Any]] = {"text": "The same fault as last week at another site."}

    text: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Note(drafts.text("note", self.text))


class TeamUpdateBody(TicketBody):
    """Tell the user the news of the team that has the ticket (I-3.4)."""

    example: ClassVar[dict[str, Any]] = {
        "text": "The correction is in the next version.",
        "kind": "error",
    }

    text: SomeText
    kind: TaskKind | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.TeamUpdate(drafts.text("team-update", self.text), self.kind)


class RequestInformationBody(TicketBody):
    """Ask the user for information or resources (R-6.4); under pack R 72 hours run (R-6.9-b)."""

    example: ClassVar[dict[str, Any]] = {
        "items": "The log of the agent on node 3.",
        "kind": "information",
    }

    items: SomeText
    kind: RequestKind = "information"

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.RequestInformation(drafts.text("request", self.items), self.kind)


class ProvideInformationBody(TicketBody):
    """Answer a request; with `upload_pending` it counts once the upload is complete (R-1.14)."""

    example: ClassVar[dict[str, Any]] = {
        "request": "q1",
        "text": "Attached.",
        "upload_pending": True,
    }

    request: Name
    text: Text | None = None
    upload_pending: bool = False

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        content = drafts.text_if_any("information", self.text)
        return commands.ProvideInformation(self.request, content, self.upload_pending)


class CompleteUploadBody(TicketBody):
    """Say that the data announced with an answer has arrived in full (R-1.14)."""

    example: ClassVar[dict[str, Any]] = {"request": "q1"}

    request: Name

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.CompleteUpload(self.request)


class RejectInformationBody(TicketBody):
    """Find an answer insufficient; its request is open since its first moment (R-6.1-c)."""

    example: ClassVar[dict[str, Any]] = {"request": "q1", "reason": "The log ends too early."}

    request: Name
    reason: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.RejectInformation(self.request, drafts.text("rejection", self.reason))
