"""A stay of the ticket with the provider, and what the clock did in it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.clock.individual import Individual
from docket_policies.clock.mark import Mark
from docket_policies.clock.waits import Hold
from docket_policies.terms.policy import TeamName, TurnStart


class Settled(NamedTuple):
    """The provider's duty ended at `at`; what the turn was judged by then stays so (C-55).

    `marks` are how many marks of the turn came before, `responded` says that a response ended it.
    """

    at: int
    marks: int
    priority: Priority
    team: TeamName | None
    responded: bool


@dataclass(slots=True)
class Turn:
    """One turn, open or ended; the fold changes it, so it is not frozen.

    It opens when the ball comes to the provider and lasts until the next one opens or the ticket
    ends. `answered` is the response that ended the provider's duty (C-04), `settled` when its duty
    ended by whatever came first: a response, a request, the rejection of an answer. `void`: what
    opened it was taken back, an insufficient answer or a refused objection. `extensions` are
    seconds added to its budget, and when; `answers` are the requests whose answers opened it;
    `agreed_since` says that a deadline was agreed after a request had ended the provider's duty.
    Instants are seconds since 1970.
    """

    number: int
    start: TurnStart
    started_at: int
    cause: Happened
    individual: Individual | None = None
    answers: frozenset[str] = frozenset()
    marks: list[Mark] = field(default_factory=list)
    extensions: list[tuple[int, int]] = field(default_factory=list)
    answered: Happened | None = None
    settled: Settled | None = None
    ended_at: int | None = None
    ended_by: Happened | None = None
    void: bool = False
    agreed_since: bool = False

    def mark(
        self, at: int, hold: Hold, priority: Priority, team: TeamName | None, waits: int, /
    ) -> None:
        """Note the clock's state from an instant on; of several at one instant the last counts."""
        kept = 0
        if self.settled is not None:
            kept, priority, team = self.settled.marks, self.settled.priority, self.settled.team
        if self.marks:
            last = self.marks[-1]
            if (
                hold.state == last.state
                and hold.until == last.until
                and priority == last.priority
                and team == last.team
                and waits == last.waits
            ):
                return
            ended = hold.state == "satisfied" or len(self.marks) == kept
            if last.at >= at and not ended:  # what an answer ended is kept
                self.marks.pop()
        self.marks.append(Mark(at, hold.state, priority, team, waits, hold.until, hold.cause))

    def end(self, at: int, by: Happened) -> None:
        """End the turn unless it has ended."""
        if self.ended_at is None:
            self.ended_at, self.ended_by = max(at, self.started_at), by

    def reopen(self) -> None:
        """Undo the end, because the event that ended the turn was taken back."""
        self.ended_at = self.ended_by = None
