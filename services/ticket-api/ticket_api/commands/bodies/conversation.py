"""Bodies of the conversation between the two sides."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Field

from docket_events.teams import TaskKind
from docket_events.ticket import RequestKind
from docket_lifecycle import commands
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import ForWhom, Reference, SomeText, Text


def _each_once(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if len(set(ids)) < len(ids):
        raise ValueError("name each file once")
    return ids


Attachments = Annotated[
    tuple[UUID, ...],
    Field(
        max_length=20,
        description="files announced for this ticket and not yet sent",
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_each_once),
]


class RespondBody(TicketBody):
    """Answer the user; the provider's turn ends (R-1.14)."""

    example: ClassVar[dict[str, Any]] = {
        "text": "Restart the agent on each node.",
        "proposes_solution": True,
    }

    text: SomeText
    proposes_solution: bool = False
    attachments: Attachments = ()

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Respond(
            drafts.text("response", self.text),
            self.proposes_solution,
            drafts.attachments(self.attachments),
        )


class ReplyBody(TicketBody):
    """Reply to the provider; while the provider has the ball it is a comment (C-06)."""

    example: ClassVar[dict[str, Any]] = {"text": "Done, one node still does not answer."}

    text: SomeText
    attachments: Attachments = ()

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Reply(drafts.text("reply", self.text), drafts.attachments(self.attachments))


class CommentBody(TicketBody):
    """Add a message.

    A user's message is a reply where the ball is with the user and no request is open (C-62), else
    a comment, which moves no clock (C-06). An agent's comment tells the user something on the way
    and leaves the ball with the provider; the user's silence counts from it where the ball is with
    the user (I-3.6, C-64).
    """

    example: ClassVar[dict[str, Any]] = {"text": "It happened again at 15:00."}

    text: SomeText
    attachments: Attachments = ()
    on_behalf_of: ForWhom = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Comment(
            drafts.text("comment", self.text), drafts.attachments(self.attachments)
        )


class NoteBody(TicketBody):
    """Write a note that the user never sees."""

    example: ClassVar[dict[str, Any]] = {"text": "The same fault as last week at another site."}

    text: SomeText = Field(
        description="the desk reads it, the user never; it lies beside the log and can be erased"
    )

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
    """Answer a request; with `upload_pending` it counts once the upload is complete (R-1.14).

    Where attachments are named, the upload is theirs: it is pending until the last of them is
    complete, and completed by itself then (C-05).
    """

    example: ClassVar[dict[str, Any]] = {
        "request": "q1",
        "text": "Attached.",
        "upload_pending": True,
    }

    request: Reference
    text: Text | None = None
    upload_pending: bool = False
    attachments: Attachments = ()
    on_behalf_of: ForWhom = None

    @property
    def may_be_uploading(self) -> bool:
        return True

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        files = self.attachments
        return commands.ProvideInformation(
            self.request,
            drafts.text_if_any("information", self.text),
            drafts.incomplete(files) if files else self.upload_pending,
            drafts.attachments(files),
        )


class CompleteUploadBody(TicketBody):
    """Say that the data announced with an answer has arrived in full (R-1.14)."""

    example: ClassVar[dict[str, Any]] = {"request": "q1"}

    request: Reference

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.CompleteUpload(self.request)


class RejectInformationBody(TicketBody):
    """Find an answer insufficient; its request is open since its first moment (R-6.1-c)."""

    example: ClassVar[dict[str, Any]] = {"request": "q1", "reason": "The log ends too early."}

    request: Reference
    reason: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.RejectInformation(self.request, drafts.text("rejection", self.reason))
