"""What is still owed at a point of a ticket's past: with whom it lies, what is due, the sum.

A ticket that has ended owes nothing, whatever its last turn had left.
"""

from datetime import datetime

from docket_audit.replay import Replay
from docket_lifecycle.state.ticket import Merged, Rejected, Revoked, Side, Suspended, Ticket
from docket_policies.clock.response_clock import ResponseClock, TurnClock


def holder(ticket: Ticket) -> Side | None:
    """Return with whom a ticket lies: with the user who suspended it, with nobody once it ended."""
    return "user" if isinstance(ticket.phase, Suspended) else ticket.owing


def due_of(turn: TurnClock, clock: ResponseClock) -> datetime | None:
    """Return when a turn is or was due, None where it counts no more or ended before that.

    The turn that counts is due when its clock says so. A turn that was answered keeps its due time,
    for it says whether the answer was in time.
    """
    counts = turn.number == clock.turn and clock.ended_at is None
    due = clock.deadline if counts else turn.due_at
    if turn.void or due is None:
        return None
    cut_off = turn.ended_at is not None and turn.answered_at is None
    return None if cut_off and not turn.breached else due


def sum_of(replay: Replay) -> str:
    """Return what the clock adds up to as a sentence, and of an ended ticket that it ended."""
    ticket = replay.ticket
    if not ticket.ended:
        return replay.explanation.sum
    match ticket.phase:
        case Rejected(clause=clause):
            pass
        case Merged():
            clause = replay.terms.phases["merged_into"]
        case Revoked():
            clause = replay.terms.phases["revoked"]
        case _:
            clause = replay.clock.clause
    name = ticket.status.replace("_into", "")
    return f"{name}: no answer is owed any more ({clause})"
