"""Whether a line makes sense after those before it."""

from dataclasses import dataclass
from datetime import datetime

from docket_import import helpdesk


@dataclass(slots=True)
class Standing:
    """How far a case has come: its requests, waits, closings, and its end."""

    opened: bool = False
    closed: bool = False
    requests: int = 0
    waits: int = 0
    closings: int = 0
    final_at: datetime | None = None

    def nonsense(self, what: helpdesk.Happening) -> str | None:
        """Return why this cannot happen to the case now, None where it can."""
        match what:
            case helpdesk.TicketCreated():
                return "is created twice" if self.opened else None
            case _ if not self.opened:
                return "does not begin with TicketCreated"
            case helpdesk.Objected() | helpdesk.Reopened() | helpdesk.Finalized():
                return None if self.closed else "is not closed"
            case helpdesk.Noted():
                return None
            case _ if self.closed:
                return "is closed"
            case helpdesk.InformationProvided():
                return None if self.requests else "was asked for no information"
            case helpdesk.ThirdPartyResponded():
                return None if self.waits else "waited for no third party"
            case _:
                return None
