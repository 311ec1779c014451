"""Saying that an update is out: one event on every ticket that is linked to the defect.

Each ticket is an append of its own: what fails for one stops no other. A ticket that was told
before gets no event, so a repetition tells those that are left.
"""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog

from docket_events.recorded import Actor
from docket_lifecycle.commands.releases import ReleaseUpdate
from docket_lifecycle.rules.context import NewEvents
from docket_lifecycle.rules.releases import release_update
from docket_runtime.store.values import NewContent
from docket_runtime.unavailable import Unavailable
from ticket_api.auth.tokens import Principal
from ticket_api.commands.deciders import LoadedStreams, ShowsTicket
from ticket_api.commands.request import CommandRequest
from ticket_api.commands.transact import CommandHandler
from ticket_api.http.problems import Problem
from ticket_api.tickets.reader import TicketReader

TOGETHER = 64

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReleaseOnTicket(ShowsTicket):
    """Record on one ticket that the update is out."""

    stream: UUID
    command: ReleaseUpdate
    contents: Sequence[NewContent] = ()

    async def load(self, reader: TicketReader, principal: Principal) -> LoadedStreams:
        """Return the ticket; raise Problem 404 or Unavailable."""
        ((ticket, history),) = await reader.for_command((self.stream,), principal)
        return LoadedStreams((ticket,), (history,))

    def decide(self, loaded: LoadedStreams, at: datetime, actor: Actor) -> NewEvents:
        """Return the event, none where the ticket was told before."""
        (ticket,) = loaded.tickets
        return {self.stream: release_update(ticket, self.command)}


@dataclass(frozen=True, slots=True)
class Untold:
    """A ticket that could not be told, and why."""

    ticket_id: UUID
    code: str
    detail: str


async def tell_tickets(
    handler: CommandHandler,
    tickets: Sequence[UUID],
    command: ReleaseUpdate,
    request: CommandRequest,
) -> tuple[Untold, ...]:
    """Tell every ticket, some at a time; return those that could not be told. Raise nothing."""
    request = replace(request, key=None, if_match=None)  # the key is that of the whole answer
    untold = list[Untold | None]()
    for start in range(0, len(tickets), TOGETHER):
        some = tickets[start : start + TOGETHER]
        untold += await gather(*(_tell(handler, each, command, request) for each in some))
    return tuple(each for each in untold if each is not None)


async def _tell(
    handler: CommandHandler, ticket: UUID, command: ReleaseUpdate, request: CommandRequest
) -> Untold | None:
    try:
        await handler.transact(ReleaseOnTicket(ticket, command), request)
    except Problem as problem:
        return Untold(ticket, problem.code, problem.detail)
    except Unavailable as unavailable:
        return Untold(ticket, "unavailable", str(unavailable))
    except Exception:  # a history that cannot be read holds up no other ticket
        log.exception("release_untold", ticket=str(ticket))
        return Untold(ticket, "internal_error", "the ticket could not be read or written")
    return None
