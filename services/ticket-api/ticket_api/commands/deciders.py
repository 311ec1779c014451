"""The deciders: which streams each command needs, and which events it causes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from docket_events.recorded import Actor
from docket_lifecycle import commands
from docket_lifecycle.decide import decide
from docket_lifecycle.rules.context import DecisionContext, NewEvents, OtherTicket
from docket_lifecycle.rules.opening.creation import create
from docket_lifecycle.rules.opening.license import licensed, terms_of
from docket_lifecycle.rules.opening.standing import refuse_stranger, with_releases, with_standing
from docket_lifecycle.state.account import Account, with_restriction
from docket_lifecycle.state.ticket import Ticket
from docket_policies.eligibility.choice_of_pack import product_and_edition
from docket_policies.terms.loader import policy_of
from docket_runtime.store.history import Facts
from docket_runtime.store.values import NewContent
from ticket_api.auth.tokens import Principal
from ticket_api.tickets.reader import TicketReader
from ticket_api.tickets.views import ticket_view

NO_CONTACT = {
    "code": "no_contact",
    "clause": "C-51",
    "detail": "no mail will go out: notices stand in the ticket alone, and count from there",
}


@dataclass(frozen=True, slots=True)
class LoadedStreams:
    """The streams on which a command is decided, as they are now: tickets, or an account.

    The first ticket is the one that the command addresses; `histories` are the facts of each.
    `known_sender` says that the mail which a ticket came by is from an address of the account.
    """

    tickets: Sequence[Ticket] = ()
    histories: Sequence[Facts] = ()
    account: Account | None = None
    known_sender: bool = False

    def get(self, stream_id: UUID) -> Ticket | Account | None:
        """Return the ticket or the account of a stream, None for a stream that is new."""
        for each in self._all():
            if each.id == stream_id:
                return each
        return None

    def instants(self) -> Sequence[datetime]:
        """Return when the latest event of each stream happened."""
        return [each.updated_at for each in self._all() if each.updated_at is not None]

    def _all(self) -> Sequence[Ticket | Account]:
        return self.tickets if self.account is None else (*self.tickets, self.account)


class Decider(Protocol):
    """A command and what it needs: the streams to decide on, its rule, the view of its result.

    `stream` is the one that the command addresses, `others` are those that it reads and may write
    beside, `contents` are texts to be written with its events. Events of a stream that does not
    exist begin it.
    """

    @property
    def stream(self) -> UUID: ...

    @property
    def others(self) -> Sequence[UUID]: ...

    @property
    def contents(self) -> Sequence[NewContent]: ...

    async def load(self, reader: TicketReader, principal: Principal) -> LoadedStreams:
        """Return the streams as they are now; raise Problem 404 or Unavailable."""

    def decide(self, loaded: LoadedStreams, at: datetime, actor: Actor) -> NewEvents:
        """Return the new events of each stream, none where nothing changes; raise Refused."""

    async def recall(
        self, reader: TicketReader, principal: Principal, stream: UUID, version: int
    ) -> Ticket | Account:
        """Return what an earlier answer to the same request showed; raise Problem 404."""

    def view(self, state: Any) -> dict[str, Any]:
        """Return the answer to the command."""


class ShowsTicket:
    """What the commands have in common that are answered with a ticket."""

    __slots__ = ()

    @property
    def others(self) -> Sequence[UUID]:
        """Return the tickets that the command names beside its own."""
        return ()

    async def recall(
        self, reader: TicketReader, principal: Principal, stream: UUID, version: int
    ) -> Ticket:
        """Return the ticket as it was at that version; raise Problem 404."""
        return await reader.ticket_at(stream, version, principal)

    def view(self, state: Ticket) -> dict[str, Any]:
        """Return the ticket after the command."""
        return ticket_view(state)


@dataclass(frozen=True, slots=True)
class OpenTicket(ShowsTicket):
    """Open a ticket under the terms of its account's license (C-26).

    `sender` is the address that a mail came from, `releases` are those of every product.
    """

    stream: UUID
    command: commands.Create
    contents: Sequence[NewContent]
    sender: str | None = None
    releases: Mapping[str, Any] = field(default_factory=dict)

    async def load(self, reader: TicketReader, principal: Principal) -> LoadedStreams:
        """Return the account; raise Problem 404 or Unavailable."""
        account = await reader.account(self.command.account_id, principal)
        known = self.sender is not None and await reader.is_address(account, self.sender)
        return LoadedStreams(account=account, known_sender=known)

    def decide(self, loaded: LoadedStreams, at: datetime, actor: Actor) -> NewEvents:
        """Return the events that open the ticket; raise Refused."""
        assert loaded.account is not None, "a ticket is opened for an account"
        command = with_standing(
            self.command, loaded.account, actor, known_sender=loaded.known_sender
        )
        command = licensed(command, loaded.account, at)
        product, _ = product_and_edition(command.product, command.edition)
        command = with_releases(
            command, self.releases.get(command.product, self.releases.get(product))
        )
        context = DecisionContext.of(terms_of(command, at), command, at=at, actor=actor)
        return {self.stream: create(command, context)}

    def view(self, state: Ticket) -> dict[str, Any]:
        """Return the new ticket, with a warning where nobody can be written to."""
        shown = ticket_view(state)
        return shown if state.contact else shown | {"warnings": [NO_CONTACT]}


@dataclass(frozen=True, slots=True)
class OnTicket(ShowsTicket):
    """Carry out a command on a ticket; `others` are the tickets that it names beside."""

    stream: UUID
    command: commands.OnTicket
    others: Sequence[UUID] = ()
    contents: Sequence[NewContent] = ()

    async def load(self, reader: TicketReader, principal: Principal) -> LoadedStreams:
        """Return the tickets with their facts; raise Problem 404 or Unavailable."""
        loaded = await reader.for_command((self.stream, *self.others), principal)
        tickets, histories = zip(*loaded, strict=True)
        if principal.on_behalf_of is None:
            return LoadedStreams(tickets, histories)
        account = await reader.account(tickets[0].account_id, principal)
        restricted = with_restriction(tickets[0], account)
        return LoadedStreams((restricted, *tickets[1:]), histories, account)

    def decide(self, loaded: LoadedStreams, at: datetime, actor: Actor) -> NewEvents:
        """Return the new events of each ticket; raise Refused."""
        together = map(OtherTicket, loaded.tickets, loaded.histories)
        (ticket, history), *others = together
        if loaded.account is not None:
            refuse_stranger(ticket, loaded.account, actor)
        context = DecisionContext.of(policy_of(ticket), self.command, at=at, actor=actor)
        return decide(ticket, self.command, context, history=history, others=others)
