"""How urgent a ticket is, and its place in the queue (H-policy-3, H-policy-4, R-6.7-b, C-43)."""

from dataclasses import dataclass
from functools import cache
from typing import get_args

from docket_events.opening import Rank
from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import Ticket
from docket_policies.eligibility.classification import emergencies_of
from docket_policies.eligibility.queue import place_of, places_of, ranks_of
from docket_policies.terms.editions import Edition, UnknownPack, edition_named

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
    found = None if ticket.classification is None else ticket.classification.rank
    return _rank(ticket.pack, ticket.revision, ticket.priority, found)


def queue_place(ticket: Ticket) -> QueuePlace:
    """Return the place of a ticket in the queue of its terms, that of its priority in most.

    A ticket without a plan has the first one of its terms.
    """
    return _place(ticket.pack, ticket.revision, ticket.priority, ticket.plan, rank_of(ticket))


@cache  # asked at every append; the terms have few plans, ranks and priorities
def _rank(pack: str, revision: str, priority: Priority, found: Rank | None) -> Rank | None:
    edition = _edition(pack, revision)
    emergencies = None if edition is None else emergencies_of(edition)
    if emergencies is None:
        return None
    level = found or "ordinary"
    if emergencies.priorities[level] == priority:
        return level
    return "emergency" if emergencies.priorities["emergency"] == priority else "ordinary"


@cache
def _place(
    pack: str, revision: str, priority: Priority, plan: str | None, rank: Rank | None
) -> QueuePlace:
    edition = _edition(pack, revision)
    if edition is None or rank is None:
        place, clause = _BY_PRIORITY.index(priority), "" if edition is None else edition.clause
        return QueuePlace(place + 1, len(_BY_PRIORITY), clause)
    ranks = ranks_of(edition)
    place, clause = place_of(ranks, plan or ranks[-1].plan, rank)
    return QueuePlace(place + 1, places_of(ranks), clause)


def _edition(pack: str, revision: str) -> Edition | None:
    """Return an edition, None for one that nobody has here: its tickets are written, too."""
    try:
        return edition_named(pack, revision)
    except UnknownPack:
        return None
