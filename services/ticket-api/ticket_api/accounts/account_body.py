"""What every body about an account is."""

from docket_lifecycle.commands.account import AccountCommand
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import Body


class AccountBody(Body):
    """The body of a command on an account."""

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        """Return the command."""
        raise AssertionError(f"{type(self).__name__} makes no command")
