"""A mark in a turn: from an instant on the clock is in a state."""

from dataclasses import dataclass

from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.policy import TeamName


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
