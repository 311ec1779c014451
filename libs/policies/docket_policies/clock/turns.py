"""A stay of the ticket with the provider, and what the clock did in it."""

from dataclasses import dataclass, field

from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.clock.waits import Hold
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.policy import TeamName, TurnStart


@dataclass(frozen=True, slots=True)
class Mark:
    """From `at` on the clock is in `state`, because of `cause`.

    `team` has the ticket instead of the support desk. `waits` counts the waits of R-6.8 that are
    open at once, `until` is the known end of a scheduled operation.
    """

    at: int
    state: ClockState
    priority: Priority
    team: TeamName | None
    waits: int
    until: int | None
    cause: Happened


@dataclass(slots=True)
class Turn:
    """One turn, open or ended; the fold changes it, so it is not frozen.

    It opens when the ball comes to the provider and lasts until the next one opens or the ticket
    ends. `answered` is the response that ended the provider's duty (C-04). `void`: what opened it
    was taken back, an insufficient answer or a refused objection. `extensions` are seconds added to
    its budget, and when. Instants are seconds since 1970.
    """

    number: int
    start: TurnStart
    started_at: int
    cause: Happened
    individual: int | None = None
    marks: list[Mark] = field(default_factory=list)
    extensions: list[tuple[int, int]] = field(default_factory=list)
    answered: Happened | None = None
    ended_at: int | None = None
    ended_by: Happened | None = None
    void: bool = False

    def mark(
        self, at: int, hold: Hold, priority: Priority, team: TeamName | None, waits: int, /
    ) -> None:
        """Note the clock's state from an instant on; of several at one instant the last counts."""
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
            if last.at >= at and hold.state != "satisfied":  # what an answer ended is kept
                self.marks.pop()
        self.marks.append(Mark(at, hold.state, priority, team, waits, hold.until, hold.cause))

    def end(self, at: int, by: Happened) -> None:
        """End the turn unless it has ended."""
        if self.ended_at is None:
            self.ended_at, self.ended_by = max(at, self.started_at), by

    def reopen(self) -> None:
        """Undo the end, because the event that ended the turn was taken back."""
        self.ended_at = self.ended_by = None
