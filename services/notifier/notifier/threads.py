"""Which mails belong together: those to the user in one thread, those to the agents in another."""

from collections.abc import Sequence
from uuid import UUID

from docket_events.notice import ClosureNoticeSent, NoticeSent, RegistrationNoticeSent
from docket_events.recorded import Recorded
from notifier.decide import OwedNotice

_ALERTS = ("registration_alert", "overdue_alert")


def thread_of(history: Sequence[Recorded], notice: OwedNotice) -> UUID | None:
    """Return the notice that began the thread of this one, None if this one begins it."""
    for recorded in history:
        match recorded.event:
            case RegistrationNoticeSent(notice_id=first) | ClosureNoticeSent(notice_id=first):
                to_agents = False
            case NoticeSent(kind=kind, notice_id=first):
                to_agents = kind in _ALERTS
            case _:
                continue
        if to_agents == notice.to_agents:
            return first
    return None
