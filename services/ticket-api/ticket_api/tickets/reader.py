"""Reading tickets and accounts as they are now, for those who may see them: history -> fold."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_events.ids import is_account, partition_of_ticket, stream_of_account
from docket_lifecycle.state.account import Account, fold_account, with_restriction
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.mail.address import comparable
from docket_runtime.store.history import Facts, History, HistoryReader
from ticket_api.auth.tokens import H, Principal
from ticket_api.http.problems import not_found
from ticket_api.tickets.texts import read_texts


class TicketReader:
    """Reads and folds the histories of tickets and accounts; what one may not see is missing."""

    def __init__(self, histories: HistoryReader, partitions: int, engine: AsyncEngine) -> None:
        self._histories = histories
        self._partitions = partitions
        self._engine = engine

    async def ticket(self, ticket_id: UUID, principal: Principal) -> Ticket:
        """Return a ticket as it is now; raise the same 404 for a missing and a foreign one."""
        ticket, _ = await self.history(ticket_id, principal)
        return ticket

    async def history(self, ticket_id: UUID, principal: Principal) -> tuple[Ticket, History]:
        """Return a ticket, and what the principal may read of its history.

        Raise Problem 404 as `ticket` does.
        """
        self._refuse_unknown(ticket_id)
        history = await self._histories.read(ticket_id, account=principal.account)
        return _visible(ticket_id, history, principal)

    async def ticket_at(self, ticket_id: UUID, version: int, principal: Principal) -> Ticket:
        """Return a ticket as it was at a version; raise Problem 404 as `ticket` does."""
        self._refuse_unknown(ticket_id)
        (facts,) = await self._histories.facts_of([ticket_id], principal.account)
        ticket, _ = _visible(ticket_id, facts[:version], principal)
        return ticket

    async def for_command(
        self, ticket_ids: Sequence[UUID], principal: Principal
    ) -> list[tuple[Ticket, Facts]]:
        """Return tickets as the rules need them, with their facts; raise Problem 404.

        For a principal of an account each ticket has the restriction of that account, which is read
        in the same round trip; commands of others do not depend on it (C-52).
        """
        for each in ticket_ids:
            self._refuse_unknown(each)
        if principal.account is None:
            facts = await self._histories.facts_of(ticket_ids)
            return [_visible(*each, principal) for each in zip(ticket_ids, facts, strict=True)]
        stream = stream_of_account(principal.account, self._partitions)
        streams = (*ticket_ids, stream)
        *facts, of_account = await self._histories.facts_of(streams, principal.account)
        account = fold_account(Account(stream, principal.account), of_account)
        visible = (_visible(*each, principal) for each in zip(ticket_ids, facts, strict=True))
        return [(with_restriction(ticket, account), history) for ticket, history in visible]

    async def account(self, account_id: str, principal: Principal) -> Account:
        """Return what is known of an account; raise Problem 404 for one that one may not see."""
        account, _ = await self.account_history(account_id, principal)
        return account

    async def account_history(
        self, account_id: str, principal: Principal
    ) -> tuple[Account, History]:
        """Return an account with its whole history; raise Problem 404 as `account` does."""
        if not principal.may_see(account_id):
            raise not_found("account")
        stream = stream_of_account(account_id, self._partitions)
        history = await self._histories.read(stream)
        return fold_account(Account(stream, account_id), history), history

    async def account_at(self, account_id: str, version: int, principal: Principal) -> Account:
        """Return an account as it was at a version; raise Problem 404 as `account` does."""
        state, history = await self.account_history(account_id, principal)
        return fold_account(Account(state.id, account_id), history[:version])

    async def is_address(self, account: Account, sender: str) -> bool:
        """Return whether a mail comes from an address of the account (R-4.2-c).

        Addresses are compared in the form in which they are kept, but for the case of their
        letters; one that was erased is nobody's. Raise Unavailable.
        """
        ids = [each.address.id for each in account.contacts.values() if each.address is not None]
        texts = await read_texts(self._engine, partition_of_ticket(account.id), ids)
        return comparable(sender) in {comparable(text) for text in texts.values() if text}

    def _refuse_unknown(self, ticket_id: UUID) -> None:
        if is_account(ticket_id) or partition_of_ticket(ticket_id) >= self._partitions:
            raise not_found()


def reader_of(http: HttpRequest) -> TicketReader:
    """Return the reader of the application that got the request."""
    return cast(TicketReader, http.app.state.reader)


def histories_of(http: HttpRequest) -> HistoryReader:
    """Return the histories of the log, whoever may see them."""
    return cast(HistoryReader, http.app.state.histories)


def _visible(
    ticket_id: UUID, history: tuple[H, ...], principal: Principal
) -> tuple[Ticket, tuple[H, ...]]:
    ticket = fold(ticket_id, history)
    if ticket is None or not principal.may_see(ticket.account_id):
        raise not_found()
    return ticket, principal.shown(history)
