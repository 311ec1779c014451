"""The waits of a ticket with their beginnings and ends, to be handed on with its clock (C-59)."""

from collections.abc import Iterator
from dataclasses import dataclass

from docket_events.combining import WaitKind
from docket_policies.terms.policy import TeamName


@dataclass(slots=True)
class TeamSpan:
    """A team has the ticket from `from_` on, until `to`, None while it still has it."""

    team: TeamName
    from_: int
    to: int | None = None


@dataclass(slots=True)
class Waited:
    """A wait from `from_` on, until `to`, None while it is open; seconds since 1970."""

    kind: WaitKind
    key: str
    from_: int
    to: int | None = None


class WaitLog:
    """Every wait that was begun; of those with one name the last is meant."""

    __slots__ = ("_waits",)

    def __init__(self) -> None:
        self._waits: list[Waited] = []

    def __iter__(self) -> Iterator[Waited]:
        return iter(self._waits)

    def begin(self, kind: WaitKind, key: str, at: int, to: int | None = None) -> None:
        """Note that a wait begins, or one that has ended."""
        self._waits.append(Waited(kind, key, at, to))

    def has_open(self, kind: WaitKind, key: str) -> bool:
        """Say whether a wait of this name has begun and not ended."""
        return any((w.kind, w.key, w.to) == (kind, key, None) for w in self._waits)

    def end(self, kind: WaitKind, key: str, at: int) -> None:
        """Note that a wait ends, if it is open."""
        for wait in reversed(self._waits):
            if (wait.kind, wait.key) == (kind, key):
                if wait.to is None:
                    wait.to = at
                return

    def begin_again(self, kind: WaitKind, key: str) -> None:
        """Note that a wait goes on since its first moment: what ended it was taken back."""
        for wait in reversed(self._waits):
            if (wait.kind, wait.key) == (kind, key):
                wait.to = None
                return

    def clear(self) -> None:
        """Forget all: the ticket is closed, and what comes later takes over none of them."""
        self._waits.clear()
