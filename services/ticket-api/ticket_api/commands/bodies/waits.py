"""Bodies about what the provider waits for, and who else works on the ticket."""

from typing import Any, ClassVar, Literal

from docket_events.teams import TaskKind
from docket_lifecycle import commands
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import Reference, ShortText, WholeSecond


class AwaitThirdPartyBody(TicketBody):
    """Begin to wait for the answer of a third party (R-6.8-b)."""

    example: ClassVar[dict[str, Any]] = {"party": "maker of the storage"}

    party: ShortText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.AwaitThirdParty(drafts.text("party", self.party))


class ThirdPartyRespondedBody(TicketBody):
    """End a wait for a third party, by the id in its `ThirdPartyWaitStarted` (R-6.8-b)."""

    example: ClassVar[dict[str, Any]] = {"wait": "w7"}

    wait: Reference

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.ThirdPartyResponded(self.wait)


class DeclareCauseUnknownBody(TicketBody):
    """Say that no cause was established or no solution worked; never backdated (R-6.8-c, C-16)."""

    example: ClassVar[dict[str, Any]] = {"reason": "solution_did_not_work"}

    reason: Literal["cause_not_established", "solution_did_not_work"] = "cause_not_established"

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.DeclareCauseUnknown(self.reason)


class CauseEstablishedBody(TicketBody):
    """Say that the cause is known, or a solution found (R-6.8-c)."""

    example: ClassVar[dict[str, Any]] = {"reason": "a faulty switch"}

    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.CauseEstablished(drafts.text_if_any("reason", self.reason))


class ScheduleOperationBody(TicketBody):
    """Write down the hour agreed for an operation; the clock stands until then (R-6.8-d, C-17)."""

    example: ClassVar[dict[str, Any]] = {"agreed_for": "2126-06-10T02:00:00Z"}

    agreed_for: WholeSecond

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.ScheduleOperation(self.agreed_for)


class CancelOperationBody(TicketBody):
    """Give up an agreed hour; the wait ends at once (C-17)."""

    example: ClassVar[dict[str, Any]] = {"reason": "the user has no time that night"}

    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.CancelOperation(drafts.text_if_any("reason", self.reason))


class EscalateBody(TicketBody):
    """Hand the ticket on as the terms say: to the product team (R-6.7-d) or forwarded (I-3.4)."""

    example: ClassVar[dict[str, Any]] = {
        "reason": "the code must change",
        "kind": "error",
        "confirmed": True,
    }

    reason: ShortText
    kind: TaskKind | None = None
    confirmed: bool = False

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Escalate(drafts.text("reason", self.reason), self.kind, self.confirmed)


class ForwardBody(TicketBody):
    """Hand a confirmed matter to the relevant team; no response time runs there (I-3.4)."""

    example: ClassVar[dict[str, Any]] = {"kind": "proposal", "confirmed": True}

    kind: TaskKind | None = None
    confirmed: bool = False
    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Forward(
            self.kind, self.confirmed, drafts.text_if_any("reason", self.reason)
        )


class ReturnBody(TicketBody):
    """Give the ticket back to the desk (R-6.7-d, C-34)."""

    example: ClassVar[dict[str, Any]] = {"reason": "corrected in the night build"}

    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Return(drafts.text_if_any("reason", self.reason))


class ConsultDevelopersBody(TicketBody):
    """Begin to consult the developers; their hours count meanwhile (I-3.1-c)."""

    example: ClassVar[dict[str, Any]] = {"reason": "the log shows an unknown state"}

    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.ConsultDevelopers(drafts.text_if_any("reason", self.reason))


class EndConsultationBody(TicketBody):
    """End the consultation of the developers (I-3.1)."""

    example: ClassVar[dict[str, Any]] = {"reason": "answered"}

    reason: ShortText | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.EndConsultation(drafts.text_if_any("reason", self.reason))
