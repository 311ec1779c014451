"""How urgent a ticket is, and its place in the queue (H-policy-3, H-policy-4, R-6.7-b, C-43)."""

from dataclasses import dataclass
from typing import get_args

from docket_events.ticket import Priority, Rank
from docket_lifecycle.state.ticket import Ticket
from docket_policies.eligibility.classification import emergencies_of
from docket_policies.eligibility.queue import place_of, places_of, ranks_of
from docket_policies.terms.editions import edition_named

SCALE = 1000
_BY_PRIORITY = get_args(Priority)


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A place in the queue of a ticket's terms, from 1 on, of `places`; earlier ones go first.

    Within a place the one that was received first goes first (R-6.7-b).
    """

    place: int
    places: int
    clause: str

    @property
    def share(self) -> int:
        """Return the place as thousandths of all, so that tickets of several terms compare."""
        return (self.place - 1) * SCALE // self.places


def rank_of(ticket: Ticket) -> Rank | None:
    """Return how urgent a ticket is, None under terms that know no ranks.

    Its class at opening holds for as long as its priority is the one that stands for that class;
    who changes the priority decides anew (H-policy-4).
    """
    emergencies = emergencies_of(edition_named(ticket.pack, ticket.revision))
    if emergencies is None:
        return None
    level = ticket.classification.rank if ticket.classification is not None else "ordinary"
    if emergencies.priorities[level] == ticket.priority:
        return level
    return "emergency" if emergencies.priorities["emergency"] == ticket.priority else "ordinary"


def queue_place(ticket: Ticket) -> QueuePlace:
    """Return the place of a ticket in the queue of its terms, that of its priority in most.

    A ticket without a plan has the first one of its terms.
    """
    edition = edition_named(ticket.pack, ticket.revision)
    rank = rank_of(ticket)
    if rank is None:
        place = _BY_PRIORITY.index(ticket.priority)
        return QueuePlace(place + 1, len(_BY_PRIORITY), edition.clause)
    ranks = ranks_of(edition)
    place, clause = place_of(ranks, ticket.plan or ranks[-1].plan, rank)
    return QueuePlace(place + 1, places_of(ranks), clause)
