"""Which notices were sent, and when: the events that notifier writes after sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from docket_events.clock import ResponseOverdue, TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import CommentAdded, TicketRejected
from docket_events.teams import ForwardedToRelevantTeam, TeamUpdateReceived
from docket_events.ticket import (
    ClosureDecided,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ResponseSent,
    TicketCreated,
    TicketRegisteredInClientArea,
)


@dataclass(frozen=True, slots=True)
class RegistrationNoticeSent:
    """The user was told that the ticket is registered: the response clock starts (R-1.14)."""

    sent_at: datetime
    notice_id: UUID


@dataclass(frozen=True, slots=True)
class ClosureNoticeSent:
    """The closing notice went out: `sent_at` is the closing time (R-6.10-c).

    `objections_until` is exclusive; None where the pack grants no objection.
    """

    sent_at: datetime
    notice_id: UUID
    objections_until: datetime | None = None


OtherNotice = Literal[
    "information_request",
    "overdue_alert",
    "registration_alert",
    "response",
    "priority",
    "forwarded",
    "team_update",
    "rejection",
    "automatic_closing",
    "comment",
    "merged",
    "objection_accepted",
    "objection_refused",
]


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """Any other notice went out; it moves no clock and no right."""

    kind: OtherNotice
    sent_at: datetime
    notice_id: UUID


@dataclass(frozen=True, slots=True)
class ClosureBecameFinal:
    """The objection window ended without an objection (R-6.10-b)."""


NoticeEvent = RegistrationNoticeSent | ClosureNoticeSent | NoticeSent | ClosureBecameFinal

NoticeKind = Literal["registration", "closing"] | OtherNotice

CAUSES: Mapping[NoticeKind, tuple[type, ...]] = {
    "registration": (TicketCreated, TicketRegisteredInClientArea),
    "registration_alert": (TicketCreated, TicketRegisteredInClientArea),
    "information_request": (InformationRequested,),
    "overdue_alert": (ResponseOverdue,),
    "closing": (ClosureDecided,),
    "response": (ResponseSent,),
    "priority": (PriorityChanged,),
    "forwarded": (ForwardedToRelevantTeam,),
    "team_update": (TeamUpdateReceived,),
    "rejection": (TicketRejected,),
    "automatic_closing": (TicketAutoClosed,),
    "comment": (CommentAdded,),
    "merged": (MergedInto,),
    "objection_accepted": (ObjectionAccepted,),
    "objection_refused": (ObjectionRefused,),
}
"""The events after which a notice of a kind may be owed."""

NOTIFIER_TYPES = frozenset(
    kind.__name__ for kinds in (*CAUSES.values(), (ClosureNoticeSent,)) for kind in kinds
)
"""The types that wake notifier: a notice may be owed, or an objection window changes (R-6.10-b)."""
