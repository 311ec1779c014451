"""Which mails belong together: those to the user in one thread, those to the agents in another."""

from collections.abc import Sequence
from uuid import UUID

from docket_events.notice import DESK_NOTICES, SentNotice, kind_of
from docket_events.recorded import Recorded
from notifier.owed_notice import OwedNotice


def thread_of(history: Sequence[Recorded], notice: OwedNotice) -> UUID | None:
    """Return the notice that began the thread of this one, None if this one begins it."""
    for recorded in history:
        event = recorded.event
        if isinstance(event, SentNotice) and (kind_of(event) in DESK_NOTICES) is notice.to_agents:
            return event.notice_id
    return None
