"""The notices of a ticket as they stand in it: what was said, by which clause, what became of it.

The ticket is where notices count; a mail is a copy (C-51).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from docket_events.notice import (
    DESK_NOTICES,
    ClosureNoticeSent,
    Delivery,
    NoticeBounced,
    NoticeKind,
    SentNotice,
    kind_of,
)
from docket_events.recorded import Recorded
from docket_events.roles import ACCOUNT_BOUND
from ticket_api.auth.tokens import Principal
from ticket_api.http.fields import Schema
from ticket_api.tickets.readable_texts import ReadableTexts
from ticket_api.tickets.schemas import Content
from ticket_api.tickets.views import content_view

Copy = Literal["sent", "posted_only", "refused", "withheld", "bounced", "unknown"]

_COPIES: dict[str, Copy] = {
    "accepted": "sent",
    "posted": "posted_only",
    "refused": "refused",
    "withheld": "withheld",
}


class DeliveryView(Schema):
    """What became of the copy by mail: it moves no clock and no right (C-51).

    `posted_only`: there was no address. `withheld`: a limit of mails kept it back. `bounced`: it
    came back later. `unknown`: the notice is of before this was recorded.
    """

    state: Copy
    code: str | None = Field(description="why it was refused or withheld, or came back")
    bounced_at: datetime | None


class NoticeView(Schema):
    """A notice of a ticket; the text of its content is null where it was erased."""

    notice_id: UUID = Field(description="the mail has it in its Message-ID")
    kind: NoticeKind
    to: Literal["user", "agents"]
    sent_at: datetime
    clause: str | None = Field(description="the clause that the notice rests on")
    objections_until: datetime | None = Field(description="of a closing; exclusive (R-6.10-b)")
    delivery: DeliveryView
    content: Content | None = Field(description="null for a notice of before texts were kept")


class NoticePage(Schema):
    """All notices of a ticket, in the order in which they were sent."""

    items: list[NoticeView]
    masked: bool = Field(False, description="texts are not shown: say why in X-Reveal-Reason")


def notices_for(principal: Principal, history: Iterable[Recorded]) -> Sequence[SentNotice]:
    """Return the notices that a principal may read: customers those that were for them."""
    sent = [each.event for each in history if isinstance(each.event, SentNotice)]
    if principal.role not in ACCOUNT_BOUND:
        return sent
    return [each for each in sent if kind_of(each) not in DESK_NOTICES]


def text_ids(notices: Iterable[SentNotice]) -> tuple[UUID, ...]:
    """Return the ids of the texts of notices."""
    return tuple(each.content.id for each in notices if each.content is not None)


def notices_view(
    notices: Iterable[SentNotice], history: Iterable[Recorded], texts: ReadableTexts
) -> list[dict[str, Any]]:
    """Return notices with what became of their copies, and with their texts."""
    bounced = {
        each.event.notice_id: each for each in history if isinstance(each.event, NoticeBounced)
    }
    return [_view(notice, bounced.get(notice.notice_id), texts) for notice in notices]


def _view(notice: SentNotice, bounced: Recorded | None, texts: ReadableTexts) -> dict[str, Any]:
    kind = kind_of(notice)
    until = notice.objections_until if isinstance(notice, ClosureNoticeSent) else None
    return {
        "notice_id": notice.notice_id,
        "kind": kind,
        "to": "agents" if kind in DESK_NOTICES else "user",
        "sent_at": notice.sent_at,
        "clause": notice.clause,
        "objections_until": until,
        "delivery": _delivery(notice.delivery, bounced),
        "content": content_view(notice.content, texts),
    }


def _delivery(delivery: Delivery | None, bounced: Recorded | None) -> dict[str, Any]:
    if bounced is not None and isinstance(bounced.event, NoticeBounced):
        at = bounced.occurred_at
        return {"state": "bounced", "code": bounced.event.code, "bounced_at": at}
    if delivery is None:
        return {"state": "unknown", "code": None, "bounced_at": None}
    return {"state": _COPIES[delivery.state], "code": delivery.code, "bounced_at": None}
