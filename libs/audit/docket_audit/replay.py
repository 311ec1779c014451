"""A ticket at a point of its past: its state, its clock, its deadlines, under its own terms.

The terms are those under which the ticket was created, whatever is in force today. The state
follows the order in which events were recorded, because decisions were made on that; the clock
follows when they happened (decision 0013).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import structs

from docket_audit.point import HistoryAsOf, NothingYet, Point, history_as_of
from docket_events.recorded import Actor, ActorKind, Recorded
from docket_events.roles import SIDES
from docket_lifecycle.actions import Action, actions
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.addressing_time import AddressingTime, addressing_time
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.deadlines.timers import Timer, timers
from docket_policies.terms.coverage import as_counted, counted_since, is_uncounted
from docket_policies.terms.loader import policy_of
from docket_policies.terms.policy import Policy
from docket_simulation.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Replay:
    """A ticket at a point of its past; `deadlines` are the timers that were armed then."""

    sight: HistoryAsOf
    ticket: Ticket
    terms: Policy
    clock: ResponseClock
    addressing: AddressingTime
    deadlines: tuple[Timer, ...]

    @property
    def caveat(self) -> str | None:
        """Return why the ticket has no clock where no calendar knows its years (C-13)."""
        if not is_uncounted(self.terms):
            return None
        first = counted_since(self.terms)
        return f"no calendar knows the holidays before {first}: the ticket has no clock (C-13)"

    @property
    def explanation(self) -> Explanation:
        """Return the clock with every span in words."""
        label = self.terms.revision
        return Explanation(label, self.terms, self.sight.at, self.sight.counted, self.clock)


def rights(
    replay: Replay, sides: Sequence[ActorKind] = SIDES
) -> Mapping[ActorKind, Sequence[Action]]:
    """Return for each side which commands it could have given at the point, and why not the others.

    The clauses and codes are those with which it would have been refused then.
    """
    return {
        side: actions(
            replay.ticket,
            history=replay.sight.counted,
            at=replay.sight.at,
            actor=Actor(side, side),
            policy=replay.terms,
        )
        for side in sides
    }


def replay(ticket_id: UUID, history: Sequence[Recorded], point: Point, now: datetime) -> Replay:
    """Return a ticket as it was at a point of its whole history.

    Raises NothingYet, and OutsideCoverage behind the last year of a calendar; a ticket from before
    the first one has no clock.
    """
    return replayed(ticket_id, history_as_of(history, point, now))


def replayed(ticket_id: UUID, sight: HistoryAsOf) -> Replay:
    """Return a ticket as the events that count show it; raise as `replay` does."""
    ticket = state(ticket_id, sight.counted)
    terms = as_counted(policy_of(ticket), ticket.created_at)
    return Replay(
        sight=sight,
        ticket=ticket,
        terms=terms,
        clock=response_clock(sight.counted, terms, sight.at),
        addressing=addressing_time(sight.counted, terms, sight.at),
        deadlines=timers(sight.counted, terms),
    )


def states_of(ticket_id: UUID, counted: Sequence[Recorded]) -> Iterator[Ticket]:
    """Yield the state after each of the events that count."""
    ticket: Ticket | None = None
    for recorded in counted:
        ticket = fold(ticket_id, (recorded,), ticket)
        assert ticket is not None, "a history that is not empty folds to a ticket"
        yield structs.replace(ticket, version=recorded.version)


def state(ticket_id: UUID, counted: Sequence[Recorded]) -> Ticket:
    """Return the state after the events that count, at the version of the last of them.

    Raises NothingYet where the first event is not among them.
    """
    if not counted or counted[0].version != 1:
        raise NothingYet("the ticket had not been created at that point")
    ticket = fold(ticket_id, counted)
    assert ticket is not None, "a history that is not empty folds to a ticket"
    return structs.replace(ticket, version=counted[-1].version)
