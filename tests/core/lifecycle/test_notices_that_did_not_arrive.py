"""C-51: a notice stands in the ticket; that its copy by mail did not arrive moves nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from docket_events.notice import (
    ClosureNoticeSent,
    Delivery,
    DeskNoticeSent,
    NoticeBounced,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Event, Fact
from docket_events.ticket import ClosureDecided
from docket_lifecycle.commands.bounces import RecordBounce
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.bounces import record_bounce
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from people import created

AT = datetime(2026, 6, 12, 10, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)
REFUSED, ACCEPTED = Delivery("refused", "550"), Delivery("accepted")
BOUNCE = RecordBounce(FIRST, "5.1.1")


def ticket_after(*events: Event) -> Ticket:
    ticket = fold(UUID(int=9), [Fact(event, AT) for event in (created(), *events)])
    assert ticket is not None
    return ticket


def bounce(*events: Event, command: RecordBounce = BOUNCE) -> tuple[Event, ...]:
    history = [Fact(event, AT) for event in events]
    return record_bounce(ticket_after(*events), command, history)


@pytest.mark.parametrize(
    ("delivery", "missed"),
    [
        (None, ()),
        (ACCEPTED, ()),
        (Delivery("posted"), ()),
        (Delivery("withheld", "limit_account"), (FIRST,)),
        (REFUSED, (FIRST,)),
    ],
)
def test_a_ticket_knows_which_notices_to_its_user_did_not_arrive(
    delivery: Delivery | None, missed: tuple[UUID, ...]
) -> None:
    for notice in (
        RegistrationNoticeSent(AT, FIRST, delivery=delivery),
        NoticeSent("response", AT, FIRST, delivery=delivery),
        ClosureNoticeSent(AT, FIRST, delivery=delivery),
    ):
        assert ticket_after(ClosureDecided("resolved", "R-6.10-a"), notice).undelivered == missed
    alert = DeskNoticeSent("overdue_alert", AT, FIRST, delivery=delivery)
    assert ticket_after(alert).undelivered == ()


def test_a_bounce_changes_nothing_else_of_a_ticket() -> None:
    before = RegistrationNoticeSent(AT, FIRST, delivery=ACCEPTED)
    told, bounced = ticket_after(before), ticket_after(before, NoticeBounced(FIRST, "5.1.1"))
    names = [name for name in told.__struct_fields__ if name not in ("version", "undelivered")]
    assert [getattr(told, name) for name in names] == [getattr(bounced, name) for name in names]
    assert bounced.undelivered == (FIRST,)


def test_a_bounce_is_recorded_of_a_notice_that_went_out_and_once() -> None:
    for delivery in (None, ACCEPTED):
        sent = NoticeSent("response", AT, FIRST, delivery=delivery)
        assert bounce(sent) == (NoticeBounced(FIRST, "5.1.1"),)
        assert bounce(sent, NoticeBounced(FIRST, "550")) == ()
    assert bounce(NoticeSent("response", AT, FIRST, delivery=REFUSED)) == ()


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        (NoticeSent("response", AT, SECOND), "unknown_notice"),
        (DeskNoticeSent("overdue_alert", AT, FIRST), "unknown_notice"),
        (NoticeSent("response", AT, FIRST, delivery=Delivery("posted")), "notice_not_mailed"),
    ],
)
def test_a_bounce_of_what_was_not_mailed_to_the_user_is_refused(notice: Event, code: str) -> None:
    with pytest.raises(Refused) as refused:
        bounce(notice)
    assert (refused.value.code, refused.value.clause) == (code, "C-51")


def test_old_notices_are_read_as_they_were() -> None:
    old = RegistrationNoticeSent(AT, FIRST)
    assert (old.content, old.quotes, old.clause, old.delivery) == (None, (), None, None)
    assert replace(old, delivery=ACCEPTED) != old
