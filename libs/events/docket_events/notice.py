"""Which notices were sent, and when: the events that notifier writes after sending.

The text of a notice is content beside the log: the notice stands in the ticket, and the mail is a
copy of it (C-51).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from msgspec import Struct

from docket_events.ticket import ContentRef

DeliveryState = Literal["accepted", "refused", "posted", "withheld"]
"""What became of the copy by mail: a server took it, it was refused, there was nobody to whom it
could be sent, or a limit of mails kept it back."""


class Delivery(Struct, frozen=True, omit_defaults=True):
    """What became of the copy by mail; `code` says why it was refused or withheld."""

    state: DeliveryState
    code: str | None = None


@dataclass(frozen=True, slots=True)
class RegistrationNoticeSent:
    """The user was told that the ticket is registered: the response clock starts (R-1.14).

    Of every notice: `content` is its text, which repeats those contents that it `quotes`; `clause`
    is what it rests on. An event of before these were kept has none of them.
    """

    sent_at: datetime
    notice_id: UUID
    content: ContentRef | None = None
    quotes: tuple[UUID, ...] = ()
    clause: str | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class ClosureNoticeSent:
    """The closing notice went out: `sent_at` is the closing time (R-6.10-c).

    `objections_until` is exclusive; None where the pack grants no objection.
    """

    sent_at: datetime
    notice_id: UUID
    objections_until: datetime | None = None
    content: ContentRef | None = None
    quotes: tuple[UUID, ...] = ()
    clause: str | None = None
    delivery: Delivery | None = None


DeskNotice = Literal[
    "overdue_alert",
    "registration_alert",
    "due_soon_alert",
    "breach_withdrawn",
    "undelivered_alert",
]
"""What the agents are told."""

UserNotice = Literal[
    "information_request",
    "information_rejected",
    "response",
    "priority",
    "forwarded",
    "returned",
    "team_update",
    "rejection",
    "automatic_closing",
    "comment",
    "divided",
    "merged",
    "objection_accepted",
    "objection_refused",
    "measures_agreed",
    "change_recorded",
    "update_released",
    "access_reminder",
]
"""What the user is told beside the two notices that have an event of their own."""

OtherNotice = UserNotice | Literal["overdue_alert", "registration_alert"]
"""The kinds of `NoticeSent`; the last two are in histories of before `DeskNoticeSent`."""


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """Any other notice to the user went out; it moves no clock and no right."""

    kind: OtherNotice
    sent_at: datetime
    notice_id: UUID
    content: ContentRef | None = None
    quotes: tuple[UUID, ...] = ()
    clause: str | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class DeskNoticeSent:
    """The agents were told something that is not for the user; it moves no clock and no right."""

    kind: DeskNotice
    sent_at: datetime
    notice_id: UUID
    content: ContentRef | None = None
    quotes: tuple[UUID, ...] = ()
    clause: str | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class NoticeBounced:
    """The copy by mail of a notice came back later, by a status code of RFC 3463 or RFC 5321.

    It moves no clock and no right: the notice stands in the ticket (C-51).
    """

    notice_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class ClosureBecameFinal:
    """The objection window ended without an objection (R-6.10-b)."""


NoticeEvent = (
    RegistrationNoticeSent
    | ClosureNoticeSent
    | NoticeSent
    | DeskNoticeSent
    | NoticeBounced
    | ClosureBecameFinal
)

SentNotice = RegistrationNoticeSent | ClosureNoticeSent | NoticeSent | DeskNoticeSent
"""The events that record a notice."""

NoticeKind = Literal["registration", "closing"] | UserNotice | DeskNotice

DESK_NOTICES: frozenset[NoticeKind] = frozenset(get_args(DeskNotice))


def kind_of(event: SentNotice) -> NoticeKind:
    """Return the kind of a notice that was sent."""
    match event:
        case RegistrationNoticeSent():
            return "registration"
        case ClosureNoticeSent():
            return "closing"
        case NoticeSent(kind=kind) | DeskNoticeSent(kind=kind):
            return kind


def undelivered(event: SentNotice) -> bool:
    """Return whether the copy of a notice by mail failed when it was sent.

    Nobody is missed where there was no address: the notice was posted to the ticket alone.
    """
    return event.delivery is not None and event.delivery.state in ("refused", "withheld")
