"""The commands: which histories each of them is decided on, and who may see those.

history -> fold -> decide is here; `carrying` goes on to append -> answer.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from docket_events.ids import (
    in_partition,
    is_account,
    partition_of_account,
    partition_of_ticket,
    stream_of_account,
)
from docket_lifecycle.commands import Create, OnTicket
from docket_lifecycle.commands.account import AccountCommand
from docket_lifecycle.decide import create, decide_among
from docket_lifecycle.rules.account import decide_account
from docket_lifecycle.rules.division import Histories as Caused
from docket_lifecycle.rules.license import licensed, terms_of
from docket_lifecycle.state.account import Account, fold_account, with_restriction
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.loader import policy_of
from docket_runtime.clock import Clock
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender
from docket_runtime.store.history import Facts, Histories, History
from ticket_api.auth import Principal, Read
from ticket_api.carrying import Answer, Carrier, FindRecord, Found, Request
from ticket_api.contents import Drafts
from ticket_api.problems import not_found


class Commands:
    """What may be asked for: it reads the histories that a command is decided on."""

    def __init__(
        self,
        clock: Clock,
        histories: Histories,
        appender: Appender,
        find_record: FindRecord,
        partitions: int,
    ) -> None:
        self._histories = histories
        self._carrier = Carrier(clock, appender, find_record)
        self._partitions = partitions

    async def create(
        self, account_id: str, make: Callable[[Drafts], Create], request: Request
    ) -> Answer:
        """Open a ticket for an account; raise Problem or Unavailable."""
        ticket_id = in_partition(new_id(), partition_of_account(account_id, self._partitions))
        drafts = Drafts(ticket_id)
        command, actor = make(drafts), request.principal.actor

        async def look() -> Found:
            account, _ = await self._account(account_id)

            def follows(at: datetime) -> Caused:
                asked = licensed(command, account, at)
                events = create(asked, at=at, actor=actor, policy=terms_of(asked, at))
                return {ticket_id: events}

            return Found({account.id: account}, follows)

        return await self._carrier.carry_out(ticket_id, look, drafts, request)

    async def on_ticket(
        self,
        ticket_id: UUID,
        make: Callable[[Drafts], OnTicket],
        request: Request,
        *,
        others: Sequence[UUID] = (),
        numbers: Sequence[str] = (),
    ) -> Answer:
        """Carry out a command on a ticket; raise Problem or Unavailable.

        `others` are the tickets that it names beside, `numbers` are for those that it makes.
        """
        drafts = Drafts(ticket_id, numbers)
        command, principal = make(drafts), request.principal

        async def look() -> Found:
            (ticket, history), *beside = await self.in_standing((ticket_id, *others), principal)
            sources = [source for source, _ in beside]
            decided = partial(
                decide_among,
                ticket,
                sources,
                command,
                history=history,
                actor=principal.actor,
                policy=policy_of(ticket),
            )
            return Found({each.id: each for each in (ticket, *sources)}, lambda at: decided(at=at))

        return await self._carrier.carry_out(ticket_id, look, drafts, request)

    async def on_account(
        self, account_id: str, command: AccountCommand, request: Request
    ) -> Answer:
        """Carry out a command on an account; raise Problem or Unavailable."""
        stream = stream_of_account(account_id, self._partitions)
        actor = request.principal.actor

        async def look() -> Found:
            account = await self.account(account_id, request.principal)
            return Found(
                {stream: account},
                lambda at: {stream: decide_account(account, command, at=at, actor=actor)},
            )

        return await self._carrier.carry_out(stream, look, Drafts(stream), request)

    async def account(self, account_id: str, principal: Principal) -> Account:
        """Return what is known of an account; raise Problem 404 for one that one may not see."""
        account, _ = await self.account_history(account_id, principal)
        return account

    async def account_history(
        self, account_id: str, principal: Principal
    ) -> tuple[Account, History]:
        """Return an account with its whole history; raise as `account` does."""
        if not principal.may_see(account_id):
            raise not_found("account")
        return await self._account(account_id)

    async def visible(self, ticket_id: UUID, principal: Principal) -> Ticket:
        """Return the ticket as it is; raise the same Problem for a missing and a foreign one."""
        ticket, _ = await self.visible_history(ticket_id, principal)
        return ticket

    async def visible_history(
        self, ticket_id: UUID, principal: Principal
    ) -> tuple[Ticket, History]:
        """Return the ticket, and what the principal may read of its history.

        Raise as `visible` does.
        """
        self._refuse_strange(ticket_id)
        return _seen(ticket_id, await self._histories.read(ticket_id), principal)

    async def in_standing(
        self, ticket_ids: Sequence[UUID], principal: Principal
    ) -> list[tuple[Ticket, Facts]]:
        """Return tickets as the rules ask about them, and their facts; raise as `visible` does.

        They have the restriction of their account, read in the same journey, for those who come
        from an account: nothing else that people do depends on it (C-52).
        """
        for each in ticket_ids:
            self._refuse_strange(each)
        if principal.account is None:
            facts = await self._histories.facts_of(ticket_ids)
            return [_seen(*each, principal) for each in zip(ticket_ids, facts, strict=True)]
        stream = stream_of_account(principal.account, self._partitions)
        *facts, told = await self._histories.facts_of((*ticket_ids, stream))
        account = fold_account(Account(stream, principal.account), told)
        seen = (_seen(*each, principal) for each in zip(ticket_ids, facts, strict=True))
        return [(with_restriction(ticket, account), history) for ticket, history in seen]

    def _refuse_strange(self, ticket_id: UUID) -> None:
        if is_account(ticket_id) or partition_of_ticket(ticket_id) >= self._partitions:
            raise not_found()

    async def _account(self, account_id: str) -> tuple[Account, History]:
        stream = stream_of_account(account_id, self._partitions)
        history = await self._histories.read(stream)
        return fold_account(Account(stream, account_id), history), history


def _seen(
    ticket_id: UUID, history: tuple[Read, ...], principal: Principal
) -> tuple[Ticket, tuple[Read, ...]]:
    ticket = fold(ticket_id, history)
    if ticket is None or not principal.may_see(ticket.account_id):
        raise not_found()
    return ticket, principal.shown(history)
