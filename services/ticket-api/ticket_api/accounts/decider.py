"""The decider of every command on an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from docket_events.recorded import Actor
from docket_lifecycle.commands.account import AccountCommand
from docket_lifecycle.rules.account import decide_account
from docket_lifecycle.rules.context import NewEvents
from docket_lifecycle.state.account import Account
from docket_runtime.store.values import NewContent
from ticket_api.accounts.views import account_view
from ticket_api.auth.tokens import Principal
from ticket_api.commands.deciders import LoadedStreams
from ticket_api.tickets.reader import TicketReader


@dataclass(frozen=True, slots=True)
class OnAccount:
    """Carry out a command on an account, whose stream may still be empty."""

    stream: UUID
    account_id: str
    command: AccountCommand
    contents: Sequence[NewContent] = ()
    others: Sequence[UUID] = ()

    async def load(self, reader: TicketReader, principal: Principal) -> LoadedStreams:
        """Return the account; raise Problem 404 or Unavailable."""
        return LoadedStreams(account=await reader.account(self.account_id, principal))

    def decide(self, loaded: LoadedStreams, at: datetime, actor: Actor) -> NewEvents:
        """Return the new events of the account; raise Refused."""
        assert loaded.account is not None, "the decider has loaded it"
        return {self.stream: decide_account(loaded.account, self.command, at=at, actor=actor)}

    async def recall(
        self, reader: TicketReader, principal: Principal, stream: UUID, version: int
    ) -> Account:
        """Return the account as it was at that version; raise Problem 404."""
        return await reader.account_at(self.account_id, version, principal)

    def view(self, state: Account) -> dict[str, Any]:
        """Return the account after the command."""
        return account_view(state)
