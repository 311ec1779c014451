"""Bodies about what the sides agree on: measures, deadlines, remote access."""

from typing import Any, ClassVar

from pydantic import Field

from docket_events.access import ConnectionMethod, ConsentForm
from docket_lifecycle import commands
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import Code, Person, ShortText, SomeText, Text, WholeSecond

LONGEST_EXTENSION = 366 * 24 * 3600
MOST_TURNS = 2**31 - 1


class RecordChangeBody(TicketBody):
    """Record that the user changed the product without coordination: no term runs (R-6.6-d)."""

    example: ClassVar[dict[str, Any]] = {"what": "a module was replaced by hand"}

    what: ShortText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.RecordChange(drafts.text("reason", self.what))


class ProposeMeasuresBody(TicketBody):
    """Ask to act on the product alone (R-6.6-c)."""

    example: ClassVar[dict[str, Any]] = {"text": "We would move the machines to node 4 tonight."}

    text: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.ProposeMeasures(drafts.text("measures", self.text))


class AgreeMeasuresBody(TicketBody):
    """Agree to the measures that the user proposed; they move no clock (R-6.6-c)."""

    example: ClassVar[dict[str, Any]] = {"text": "Agreed, after a backup."}

    text: Text | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.AgreeMeasures(drafts.text_if_any("measures-agreed", self.text))


class SetDeadlineBody(TicketBody):
    """Put an agreed instant in the place of the table of response times (R-3.4)."""

    example: ClassVar[dict[str, Any]] = {"deadline": "2126-07-01T12:00:00Z", "why": "beyond scope"}

    deadline: WholeSecond
    why: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.SetDeadline(self.deadline, drafts.text_if_any("reason", self.why))


class ExtendPeriodBody(TicketBody):
    """Take longer over this turn, where an alternative way to connect was agreed (I-3.5-c)."""

    example: ClassVar[dict[str, Any]] = {"seconds": 14400, "why": "the user's own terminal"}

    seconds: int = Field(gt=0, le=LONGEST_EXTENSION)
    why: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.ExtendPeriod(self.seconds, drafts.text_if_any("reason", self.why))


class ExcuseBreachBody(TicketBody):
    """Excuse the breach of a turn for a reason of the pack's closed list (R-7.2, I-7.9).

    It stays a breach and moves no clock; the excuse stands beside it, with who answers for it.
    """

    example: ClassVar[dict[str, Any]] = {
        "turn": 1,
        "reason": "force_majeure",
        "approver": "head-of-support",
    }

    turn: int = Field(gt=0, le=MOST_TURNS)
    reason: Code
    approver: Person

    def command(self, drafts: Drafts) -> commands.OnTicket:
        return commands.ExcuseBreach(self.turn, self.reason, self.approver)


class GrantAccessBody(TicketBody):
    """Let the provider connect, in writing or electronically (I-3.5-a, R-6.2-b)."""

    example: ClassVar[dict[str, Any]] = {"form": "electronic", "method": "documented"}

    form: ConsentForm
    method: ConnectionMethod = "documented"

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.GrantAccess(self.form, self.method)


class WithdrawAccessBody(TicketBody):
    """Take the consent to remote connections back."""

    example: ClassVar[dict[str, Any]] = {"reason": "the fault is gone"}

    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.WithdrawAccess(drafts.text_if_any("reason", self.reason))


class OpenConnectionBody(TicketBody):
    """Record that a remote connection is opened; the user has consented before (I-3.5)."""

    example: ClassVar[dict[str, Any]] = {"method": "documented"}

    method: ConnectionMethod = "documented"

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.OpenConnection(self.method)
