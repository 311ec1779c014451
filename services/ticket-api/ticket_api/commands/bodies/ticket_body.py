"""What the body of every command on a ticket can say: its command, and what that needs."""

from uuid import UUID

from docket_lifecycle.commands import OnTicket
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import Body


class TicketBody(Body):
    """The body of a command on a ticket that exists."""

    @property
    def named_person(self) -> str | None:
        """Return for whom a service gives the command."""
        return getattr(self, "on_behalf_of", None)

    @property
    def others(self) -> tuple[UUID, ...]:
        """Return the tickets that the command reads and may write beside the one in the path."""
        return ()

    @property
    def sends(self) -> tuple[UUID, ...]:
        """Return the files that are sent along."""
        return getattr(self, "attachments", ())

    @property
    def may_be_uploading(self) -> bool:
        """Return whether the files sent along need not be there in full yet."""
        return False

    @property
    def makes(self) -> int:
        """Return how many tickets the command makes."""
        return 0

    def command(self, drafts: Drafts) -> OnTicket:
        """Return the command, its texts drafted."""
        raise AssertionError(f"{type(self).__name__} makes no command")
