"""What was found and agreed when a ticket was opened: support, urgency, targets of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Rank = Literal["highest", "emergency", "ordinary"]
"""How urgent a ticket is under terms that rank tickets by what is down (H-policy-4)."""

EnvironmentKind = Literal["closed"]
"""What terms know of an environment: nobody reaches into a closed one (I-3.7-a)."""

KNOWN_ENVIRONMENTS: Mapping[str, EnvironmentKind] = {
    each: each for each in get_args(EnvironmentKind)
}
"""The kinds of environment by the word that names them."""


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the terms serve a ticket, by which clause, and that clause in a sentence (C-69)."""

    supported: bool | Literal["unknown"]
    clause: str
    why: str


@dataclass(frozen=True, slots=True)
class Classification:
    """How urgent a ticket is by what is down; `mark_ignored`: its subject only claimed it."""

    rank: Rank
    clause: str
    mark_ignored: bool = False


@dataclass(frozen=True, slots=True)
class AgreedTarget:
    """A response time agreed apart, in hours of a calendar or of the one of the terms (R-2.3).

    `team_hours` says that the hours of a team that has the ticket count nevertheless.
    """

    hours: int | float
    calendar: str | None = None
    team_hours: bool | None = None
