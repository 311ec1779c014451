"""The commands: which histories each of them is decided on.

history -> fold -> decide is here; `carrying` goes on to append -> answer.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_events.ids import in_partition, partition_of_account, stream_of_account
from docket_lifecycle.commands import Create, OnTicket
from docket_lifecycle.commands.account import AccountCommand
from docket_lifecycle.decide import create, decide_among
from docket_lifecycle.rules.account import decide_account
from docket_lifecycle.rules.context import NewEvents as Caused
from docket_lifecycle.rules.license import licensed, terms_of
from docket_policies.terms.loader import policy_of
from docket_runtime.clock import Clock
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender
from ticket_api.commands.drafts import Drafts
from ticket_api.commands.request import CommandRequest
from ticket_api.commands.transact import Answer, Carrier, FindRecord, Found
from ticket_api.tickets.reader import TicketReader


class Commands:
    """Carries out commands: it reads the histories that each is decided on."""

    def __init__(
        self,
        reader: TicketReader,
        clock: Clock,
        appender: Appender,
        find_record: FindRecord,
        partitions: int,
    ) -> None:
        self._reader = reader
        self._carrier = Carrier(clock, appender, find_record)
        self._partitions = partitions

    async def create(
        self, account_id: str, make: Callable[[Drafts], Create], request: CommandRequest
    ) -> Answer:
        """Open a ticket for an account; raise Problem or Unavailable."""
        ticket_id = in_partition(new_id(), partition_of_account(account_id, self._partitions))
        drafts = Drafts(ticket_id)
        command, principal = make(drafts), request.principal

        async def look() -> Found:
            account = await self._reader.account(account_id, principal)

            def follows(at: datetime) -> Caused:
                asked = licensed(command, account, at)
                terms = terms_of(asked, at)
                return {ticket_id: create(asked, at=at, actor=principal.actor, policy=terms)}

            return Found({account.id: account}, follows)

        return await self._carrier.carry_out(ticket_id, look, drafts, request)

    async def on_ticket(
        self,
        ticket_id: UUID,
        make: Callable[[Drafts], OnTicket],
        request: CommandRequest,
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
            (ticket, history), *beside = await self._reader.for_command(
                (ticket_id, *others), principal
            )
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
        self, account_id: str, command: AccountCommand, request: CommandRequest
    ) -> Answer:
        """Carry out a command on an account; raise Problem or Unavailable."""
        stream = stream_of_account(account_id, self._partitions)
        principal = request.principal

        async def look() -> Found:
            account = await self._reader.account(account_id, principal)
            return Found(
                {stream: account},
                lambda at: {stream: decide_account(account, command, at=at, actor=principal.actor)},
            )

        return await self._carrier.carry_out(stream, look, Drafts(stream), request)


def handler_of(http: HttpRequest) -> Commands:
    """Return the command handler of the application that got the request."""
    return cast(Commands, http.app.state.handler)
