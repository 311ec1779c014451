"""A notice that is owed: to whom, of which kind, and because of which event."""

from dataclasses import dataclass
from uuid import UUID

from docket_events.ids import notice_id
from docket_events.notice import DESK_NOTICES, NoticeKind, SentNotice
from docket_events.recorded import Recorded


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice that is owed because of an event; the same cause always gives the same id.

    `about` is the notice that did not arrive, where the desk is told of one.
    """

    kind: NoticeKind
    cause: Recorded
    about: SentNotice | None = None

    @property
    def id(self) -> UUID:
        """Return the notice's id."""
        return notice_id(self.cause.event_id, self.kind)

    @property
    def to_agents(self) -> bool:
        """Return whether it goes to the agents and not to the user."""
        return self.kind in DESK_NOTICES
