"""The timers that sla-clock keeps beside a ticket's clock, folded from its history."""

from collections.abc import Sequence

from docket_events.contents import attachments_left
from docket_events.recorded import Recorded
from docket_lifecycle.state.imported import settled_until
from docket_policies.deadlines.timer import Owner, Timer
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy

OWNER: Owner = "sla-clock"
"""Whose timers these are, and who acts when they fire."""


def armed(history: Sequence[Recorded], policy: Policy) -> tuple[Timer, ...]:
    """Return the timers that sla-clock keeps after a history, in time order.

    What fell due before an import is settled in the system it came from. If no file is left there
    is nothing to erase.
    """
    settled = settled_until(history)
    has_files = bool(attachments_left(history))
    return tuple(
        timer
        for timer in timers(history, policy)
        if timer.owner == OWNER
        and (has_files or timer.name != "AttachmentErasureDue")
        and (settled is None or timer.fires_at > settled)
    )
