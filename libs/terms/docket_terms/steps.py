"""When the steps of a running cycle come due."""

from docket_terms.amounts import Amount
from docket_terms.cycles import Cycle
from docket_terms.pack import Step


def next_step(cycle: Cycle) -> tuple[int, Step] | None:
    """Return the next step of a running cycle and its instant, None while none can be told.

    Steps stand in the order in which they happen; one that repeats is the last.
    """
    if cycle.steps_done >= len(cycle.clock.steps):
        return None
    step = cycle.clock.steps[cycle.steps_done]
    at = _instant(cycle, step)
    if at is None:
        return None
    known = cycle.changed_at if cycle.changed_at is not None else cycle.start
    return max(at, known, cycle.stepped_at or at), step


def _instant(cycle: Cycle, step: Step) -> int | None:
    if step.share is not None:
        if step.share == 100:
            return cycle.due()
        budget = cycle.budget()
        return None if budget is None else cycle.spent_at(-(-budget * step.share // 100))
    if cycle.row().amount is None:
        return None
    if step.at is not None:
        return _behind(cycle, step.at, 0)
    amount = step.after or step.every
    assert amount is not None, "a step has a share or an amount"
    return _behind_last(cycle, amount)


def _behind(cycle: Cycle, amount: Amount, spent: int) -> int | None:
    if amount.by_date:
        return cycle.offset(amount, cycle.start)
    return cycle.spent_at(spent + amount.seconds_in(cycle.calendar()))


def _behind_last(cycle: Cycle, amount: Amount) -> int | None:
    """Return the instant behind the step before, counted as the cycle counts."""
    last = cycle.start if cycle.stepped_at is None else cycle.stepped_at
    if amount.by_date:
        return cycle.offset(amount, last)
    return _behind(cycle, amount, cycle.consumed(last))
