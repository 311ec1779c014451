"""Why the clock shows what it shows: every span of every turn, clause by clause, with the sum.

The table and the picture of `docket explain` are drawn from these values; several sides of one
history are the same history under other readings or another edition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docket_events.codec import type_of
from docket_events.instants import for_people
from docket_events.recorded import Happened
from docket_policies.clock.response_clock import ResponseClock, TurnClock, response_clock
from docket_policies.clock.turn_clock import Span
from docket_policies.terms.clock_states import HELD_BY, OVER
from docket_policies.terms.policy import Policy
from docket_policies.views import clock_answer
from docket_simulation.clauses import clause_of


@dataclass(frozen=True, slots=True)
class ExplainedSpan:
    """One span in words; `total_s` is what its turn has consumed when it ends."""

    turn: int
    span: Span
    total_s: int

    @property
    def held_by(self) -> str:
        """Return who had the ticket."""
        return HELD_BY[self.span.state]

    @property
    def cause(self) -> str:
        """Return the event that began the span."""
        return type_of(self.span.cause.event)

    @property
    def says(self) -> str:
        """Return what the clause says, empty if it is not in the list."""
        clause = clause_of(self.span.clause)
        return "" if clause is None else clause.says


@dataclass(frozen=True, slots=True)
class Explanation:
    """The clock of a history under some terms at an instant; `label` names the side."""

    label: str
    terms: Policy
    at: datetime
    history: tuple[Happened, ...]
    clock: ResponseClock

    @property
    def rows(self) -> tuple[ExplainedSpan, ...]:
        """Return the spans of all turns in time order."""
        return tuple(row for turn in self.clock.turns for row in _rows(turn))

    @property
    def turn(self) -> TurnClock | None:
        """Return the turn that counts, None while the clock has not started."""
        return self.clock.turns[self.clock.turn - 1] if self.clock.turn else None

    @property
    def sum(self) -> str:
        """Return the sum of the turn that counts as a sentence."""
        clock, turn = self.clock, self.turn
        if clock.state in OVER and clock.state != "satisfied":
            return f"{clock.state}: no answer is owed any more ({clock.clause})"
        if turn is None or clock.budget_s is None or clock.consumed_s is None:
            return f"{clock.state}: no term runs ({clock.clause})"
        spans = " + ".join(hours(span.counted_s) for span in turn.spans) or hours(0)
        due = "nobody knows when" if clock.deadline is None else f"due {for_people(clock.deadline)}"
        verdict = f"{hours(clock.remaining_s or 0)} left"
        if clock.overdue:
            verdict = "overdue"
        elif clock.state == "closed":
            verdict = "nothing is owed any more"
        spent = f"{hours(clock.consumed_s)} of {hours(clock.budget_s)}"
        return f"{spans} = {spent}, {verdict}, {due} ({clock.clause})"


def explain(
    history: Sequence[Happened], terms: Policy, at: datetime, label: str | None = None
) -> Explanation:
    """Return the explanation of a history's clock; raise OutsideCoverage."""
    clock = response_clock(history, terms, at)
    return Explanation(label or terms.revision, terms, at, tuple(history), clock)


def explained(side: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values: the clock as everywhere, all rows and the sum."""
    return {
        "label": side.label,
        "pack": side.terms.pack,
        "revision": side.terms.revision,
        "at": side.at,
        "response_clock": clock_answer(side.clock),
        "rows": [
            {
                "turn": row.turn,
                "from": row.span.from_,
                "to": row.span.to,
                "state": row.span.state,
                "held_by": row.held_by,
                "cause": row.cause,
                "cause_at": row.span.cause.occurred_at,
                "calendar": row.span.calendar,
                "counted_s": row.span.counted_s,
                "total_s": row.total_s,
                "clause": row.span.clause,
                "says": row.says,
            }
            for row in side.rows
        ],
        "sum": side.sum,
    }


def hours(seconds: int) -> str:
    """Return seconds as hours and minutes, with seconds where there are any: 4h 00m."""
    minutes, rest = divmod(abs(seconds), 60)
    told = f"{minutes // 60}h {minutes % 60:02d}m" + (f" {rest:02d}s" if rest else "")
    return f"-{told}" if seconds < 0 else told


def _rows(turn: TurnClock) -> Sequence[ExplainedSpan]:
    rows, total = [], 0
    for span in turn.spans:
        total += span.counted_s
        rows.append(ExplainedSpan(turn.number, span, total))
    return rows
