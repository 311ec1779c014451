"""After which events somebody is owed a notice, and from when until when: without log and bus."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest

from chronicle import utc
from docket_events.clock import ResponseOverdue
from docket_events.codec import EVENT_TYPES, decode, type_of
from docket_events.notice import NOTIFIER_TYPES, ClosureNoticeSent
from docket_events.recorded import Event, Recorded
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
    ObjectionAccepted,
    PriorityChanged,
    ResponseSent,
)
from docket_lifecycle.state.fold import fold
from docket_policies.terms.loader import policy
from notifier.decide import Alarm, OwedNotice, armed, owed, window_over
from people import IMPORT, created
from records import TICKET, all_at

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
TERMS = policy("regulations", "R-2025-03-27")
ELEVEN = utc("2026-06-12T11:00:00")
ALERT = timedelta(minutes=30)
DAYS_3 = timedelta(days=3)
SECOND = timedelta(seconds=1)

BY_EMAIL = created(channel="email", contact=ContentRef(UUID(int=2), ""))
DECIDED = ClosureDecided("resolved", "R-6.10-a")
TOLD = ClosureNoticeSent(ELEVEN, UUID(int=3), ELEVEN + timedelta(days=5))
BEFORE: tuple[tuple[Event, ...], ...] = (
    (),
    (BY_EMAIL,),
    (BY_EMAIL, DECIDED),
    (BY_EMAIL, DECIDED, TOLD),
    (BY_EMAIL, DECIDED, TOLD, ObjectionAccepted()),
)
"""What came before an event: nothing, and each phase of the closing."""


def history(*events: Event) -> tuple[Recorded, ...]:
    return all_at(ELEVEN, *events)


def owed_at(at: datetime, *events: Event) -> tuple[OwedNotice, ...]:
    told = history(*events)
    ticket = fold(TICKET, told)
    assert ticket is not None
    return owed(ticket, told, at, ALERT)


def kinds_at(at: datetime, *events: Event) -> list[str]:
    return [notice.kind for notice in owed_at(at, *events)]


def windows(events: Sequence[Event]) -> tuple[Alarm, ...]:
    return armed(history(*events), TERMS, (), ELEVEN, ALERT) if events else ()


def examples() -> list[Event]:
    """Give every stored example of every event type."""
    found = []
    for path in sorted(GOLDEN.iterdir()):
        name = re.match(r"([A-Za-z]+)\.v(\d+)", path.name)
        assert name is not None
        found.append(decode(name[1], int(name[2]), path.read_bytes()))
    return found


def test_notifier_hears_of_exactly_what_may_owe_a_notice_or_move_a_window() -> None:
    """An event that is missing would be told of half a minute late, one too many wakes nobody."""
    owes, moves, tried = set(), set(), set()
    for event, before in product(examples(), BEFORE):
        try:
            caused = owed_at(ELEVEN, *before, event)
        except (ValueError, KeyError):  # no such thing happens to a ticket that is there
            continue
        tried.add(type_of(event))
        if any(notice.cause.event is event for notice in caused):
            owes.add(type_of(event))
        if windows(before) != windows((*before, event)):
            moves.add(type_of(event))

    assert tried == set(EVENT_TYPES)
    assert moves == {
        "ClosureNoticeSent",
        "ObjectionAccepted",
        "ObjectionRefused",
        "ClosureBecameFinal",
    }
    # that a closing became final is written by notifier itself, when the window has ended
    assert (owes | moves) - {"ClosureBecameFinal"} == NOTIFIER_TYPES


@pytest.mark.parametrize("news", [ResponseSent(), PriorityChanged("High", "Low")])
def test_news_is_told_for_three_days_and_not_a_second_longer(news: Event) -> None:
    assert len(kinds_at(ELEVEN + DAYS_3, BY_EMAIL, news)) == 1
    assert kinds_at(ELEVEN + DAYS_3 + SECOND, BY_EMAIL, news) == []


def test_what_is_no_news_is_told_after_any_time() -> None:
    late = ELEVEN + timedelta(days=300)

    assert kinds_at(late, BY_EMAIL, ResponseOverdue(1, ELEVEN, "R-6.7-LOW")) == ["overdue_alert"]


def test_R_1_14_agents_are_alerted_half_an_hour_after_a_registration_that_nobody_was_told() -> None:
    registered = created(channel="client_area")

    assert kinds_at(ELEVEN + ALERT - SECOND, registered) == ["registration"]
    assert kinds_at(ELEVEN + ALERT, registered) == ["registration", "registration_alert"]


def test_R_1_14_the_alarm_of_that_alert_is_set_until_it_is_due() -> None:
    told = history(created(channel="client_area"))
    notices = owed_at(ELEVEN, told[0].event)

    def alarms(at: datetime) -> dict[str, datetime]:
        return {alarm.name: alarm.fires_at for alarm in armed(told, TERMS, notices, at, ALERT)}

    before, due = ELEVEN + ALERT - SECOND, ELEVEN + ALERT
    assert alarms(before)["RegistrationNoticeMissing"] == due
    assert alarms(due) == {"NoticeOwed": due + timedelta(minutes=1)}


def test_R_6_10_b_the_window_for_objections_is_over_at_its_end_and_not_a_second_before() -> None:
    closed = history(BY_EMAIL, DECIDED, TOLD)
    end = ELEVEN + timedelta(days=5)

    assert not window_over(closed, TERMS, end - SECOND)
    assert window_over(closed, TERMS, end)


@pytest.mark.parametrize(("later", "armed_then"), [(-SECOND, True), (0 * SECOND, False)])
def test_a_window_that_ended_before_an_import_was_written_down_is_settled(
    later: timedelta, armed_then: bool
) -> None:
    """To the second: one that ends when the import is written down ended where it came from."""
    end = ELEVEN + timedelta(days=5)
    imported = [
        each._replace(actor=IMPORT, recorded_at=end + later)
        for each in history(BY_EMAIL, DECIDED, TOLD)
    ]

    assert bool(armed(imported, TERMS, (), end, ALERT)) is armed_then
    assert window_over(imported, TERMS, end) is armed_then
