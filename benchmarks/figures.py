"""Figures and how they are come by: contenders take turns, medians count, ratios turn by turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: `rounds` of each contender, each of about `scale` of the usual work."""

    rounds: int = 5
    scale: float = 1.0

    def of(self, work: int, *, least: int = 1) -> int:
        """Return so much of the usual work as this effort makes of it."""
        return max(least, round(work * self.scale))


FULL = Effort()
QUICK = Effort(rounds=3, scale=0.2)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: its rounds and, where there is one, the floor it is held against.

    `goal` is the least (`at_most`: the most) that the ratio to the floor may be. A `note` says why
    there are no rounds.
    """

    name: str
    unit: str
    rounds: tuple[float, ...]
    floor: str | None = None
    ratio: float | None = None
    goal: float | None = None
    at_most: bool = False
    note: str | None = None

    @property
    def value(self) -> float:
        """Return the median of the rounds."""
        return median(self.rounds)

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is met, None where there is none."""
        if self.goal is None or self.ratio is None:
            return None
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal


@dataclass(frozen=True, slots=True)
class Subject:
    """The figures of one subject."""

    name: str
    figures: tuple[Figure, ...] = field(default=())


def interleave(
    contenders: Mapping[str, Callable[[], float]], rounds: int
) -> Mapping[str, tuple[float, ...]]:
    """Run the contenders in turns, so that a slow minute of the machine hits all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            taken[name].append(measure())
    return {name: tuple(values) for name, values in taken.items()}


def by_turns(ours: Sequence[float], floor: Sequence[float]) -> float:
    """Return the median of the ratios of each turn: what slowed a whole turn counts in neither."""
    return median(mine / theirs for mine, theirs in zip(ours, floor, strict=True))


def against(
    floor: str, rounds: Mapping[str, tuple[float, ...]], unit: str, goals: Mapping[str, float]
) -> tuple[Figure, ...]:
    """Return the figures of contenders, each but the floor with its ratio to the floor."""
    return tuple(
        Figure(name, unit, values)
        if name == floor
        else Figure(name, unit, values, floor, by_turns(values, rounds[floor]), goals.get(name))
        for name, values in rounds.items()
    )
