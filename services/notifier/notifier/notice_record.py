"""The record of a notice: its event, and its text beside the log (C-51)."""

from datetime import datetime
from typing import Any

from docket_events.contents import ContentKind
from docket_events.notice import (
    ClosureNoticeSent,
    Delivery,
    DeskNoticeSent,
    NoticeSent,
    RegistrationNoticeSent,
    SentNotice,
)
from docket_policies.deadlines.timers import objections_until
from docket_policies.terms.policy import Policy
from docket_runtime.store.drafts import draft
from docket_runtime.store.values import NewContent
from notifier.courier import Letter
from notifier.owed_notice import OwedNotice

KIND: ContentKind = "notice"


def record_of(
    letter: Letter, policy: Policy, sent_at: datetime, delivery: Delivery
) -> tuple[SentNotice, NewContent]:
    """Return the event of a notice sent at `sent_at`, and its text.

    For a closing this is the closing time, and the window for objections follows from it (R-6.10).
    The text goes when one of the contents that it quotes is erased (C-40).
    """
    notice = letter.notice
    content, ref = draft(notice.cause.ticket_id, KIND, letter.text.text.encode())
    beside: dict[str, Any] = {
        "content": ref,
        "quotes": letter.quotes,
        "clause": letter.text.clause,
        "delivery": delivery,
    }
    return _event(notice, policy, sent_at, beside), content


def _event(
    notice: OwedNotice, policy: Policy, sent_at: datetime, beside: dict[str, Any]
) -> SentNotice:
    match notice.kind:
        case "registration":
            return RegistrationNoticeSent(sent_at, notice.id, **beside)
        case "closing":
            until = objections_until(policy, sent_at)
            return ClosureNoticeSent(sent_at, notice.id, until, **beside)
        case (
            "overdue_alert"
            | "registration_alert"
            | "due_soon_alert"
            | "breach_withdrawn"
            | "undelivered_alert"
        ) as desk:
            return DeskNoticeSent(desk, sent_at, notice.id, **beside)
        case other:
            return NoticeSent(other, sent_at, notice.id, **beside)
