"""Bodies about a restriction of an account, and about why it was restricted (C-52, C-40)."""

from typing import Any, ClassVar

from pydantic import Field

from docket_lifecycle.commands import account
from docket_lifecycle.commands.account import AccountCommand
from ticket_api.accounts.account_body import AccountBody
from ticket_api.commands.bodies.erasing import Why
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import FOR_EVER, Reference, ShortText, WholeSecond


class RestrictBody(AccountBody):
    """Keep an account from support for a while, or for good (R-7.4, I-7.11).

    Its people open no tickets, write no messages and object to no closing meanwhile; deadlines and
    windows go on (C-52).
    """

    example: ClassVar[dict[str, Any]] = {
        "until": "2099-07-01T00:00:00Z",
        "reason": "abuse of the channel",
        "clause": "R-7.4",
    }

    until: WholeSecond | None = Field(None, description="exclusive; null is for good")
    reason: ShortText | None = None
    clause: Reference | None = Field(
        None, description=f"the clause that the restriction rests on; {FOR_EVER}"
    )

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        return account.Restrict(self.until, drafts.text_if_any("reason", self.reason), self.clause)


class RestoreBody(AccountBody):
    """Let a restricted account use support again (C-52)."""

    reason: ShortText | None = None

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        return account.Restore(drafts.text_if_any("reason", self.reason))


class EraseReasonsBody(AccountBody):
    """Erase why the account was restricted and restored, and why its texts were shown (C-40).

    The history keeps the references, and says that and why the reasons went.
    """

    example: ClassVar[dict[str, Any]] = {"why": "person_asked"}

    why: Why
    clause: Reference | None = Field(
        None, description=f"what it rests on, C-40 where unsaid; {FOR_EVER}"
    )

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        return account.EraseReasons(self.why, self.clause)
