"""What is settled by the system from which a history was imported (TicketImported)."""

from collections.abc import Sequence
from datetime import datetime

from docket_events.recorded import Recorded


def settled_until(history: Sequence[Recorded]) -> datetime | None:
    """Return the instant up to which nothing is owed because of an import; None without an import.

    A timer that would have fired by then is never armed.
    """
    return max((each.recorded_at for each in history if was_imported(each)), default=None)


def was_imported(recorded: Recorded) -> bool:
    """Return whether an event was imported; an imported event requires no action."""
    return recorded.actor.kind == "import"
