"""After which events somebody is owed a notice, and from when until when: without log and bus."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest

from chronicle import utc
from docket_events.access import RemoteAccessConsentGiven
from docket_events.clock import BreachWithdrawn, ResponseDueSoon, ResponseOverdue
from docket_events.codec import EVENT_TYPES, decode, type_of
from docket_events.ids import notice_id
from docket_events.notice import (
    ClosureNoticeSent,
    Delivery,
    DeliveryState,
    DeskNoticeSent,
    NoticeBounced,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Event, Recorded
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    PriorityChanged,
    ResponseSent,
)
from docket_events.told import CAUSES, NOTIFIER_TYPES
from docket_events.told import TOLD as WHO_IS_TOLD
from docket_lifecycle.state.fold import fold
from docket_policies.terms.loader import policy
from notifier.decide import Alarm, armed, owed, window_over
from notifier.owed_notice import OwedNotice
from people import IMPORT, created
from records import TICKET, all_at

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
TERMS = policy("regulations", "R-2025-03-27")
ELEVEN = utc("2026-06-12T11:00:00")
ALERT = timedelta(minutes=30)
DAYS_3 = timedelta(days=3)
SECOND = timedelta(seconds=1)

BY_EMAIL = created(channel="email", contact=ContentRef(UUID(int=2), ""))
UNDER_I = created(
    channel="email",
    contact=ContentRef(UUID(int=2), ""),
    pack="infrastructure",
    revision="I-2025-09-08",
    service_level="Standard",
)
DECIDED = ClosureDecided("resolved", "R-6.10-a")
TOLD = ClosureNoticeSent(ELEVEN, UUID(int=3), ELEVEN + timedelta(days=5))
LATE = ResponseOverdue(1, ELEVEN, "R-6.7-LOW")
ALERTED = DeskNoticeSent("overdue_alert", ELEVEN, notice_id(UUID(int=102), "overdue_alert"))
REFUSED = (
    RegistrationNoticeSent(ELEVEN, UUID(int=7), delivery=Delivery("refused", "550")),
    NoticeSent("response", ELEVEN, UUID(int=7), delivery=Delivery("refused", "550")),
)
BEFORE: tuple[tuple[Event, ...], ...] = (
    (),
    (BY_EMAIL,),
    (BY_EMAIL, DECIDED),
    (BY_EMAIL, DECIDED, TOLD),
    (BY_EMAIL, DECIDED, TOLD, ObjectionAccepted()),
    (BY_EMAIL, LATE, ALERTED),
    (BY_EMAIL, InformationRequested("q1"), InformationProvided("q1")),
    (UNDER_I, RemoteAccessConsentGiven("written")),
)
"""What came before an event: nothing, each phase of the closing, a breach, an answer, a consent."""


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
    owes, moves, tried = defaultdict[str, set[str]](set), set(), set()
    for event, before in product((*examples(), *REFUSED), BEFORE):
        try:
            caused = owed_at(ELEVEN, *before, event)
        except (ValueError, KeyError):  # no such thing happens to a ticket that is there
            continue
        tried.add(type_of(event))
        for notice in caused:
            if notice.cause.event is event:
                owes[type_of(event)].add(notice.kind)
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
    assert (owes.keys() | moves) - {"ClosureBecameFinal"} == NOTIFIER_TYPES
    # an alert that a registration is missing is owed only once it has been missing for a while
    missing = {"TicketCreated", "TicketRegisteredInClientArea"}
    told = {kind.__name__: set(kinds) for kind, kinds in CAUSES.items()}
    for name in missing:
        told[name] -= {"registration_alert"}
    assert owes == told


def test_C_71_it_is_written_down_of_every_event_who_is_told_or_why_nobody_is() -> None:
    assert list(WHO_IS_TOLD) == [*dict.fromkeys(WHO_IS_TOLD)]
    assert set(WHO_IS_TOLD) == set(EVENT_TYPES.values())
    assert all(WHO_IS_TOLD.values())


def test_C_09_those_who_were_alerted_hear_that_a_breach_is_withdrawn_and_nobody_else() -> None:
    withdrawn = BreachWithdrawn(1, ELEVEN, "R-6.8-a")

    assert kinds_at(ELEVEN, BY_EMAIL, LATE, ALERTED, withdrawn) == ["breach_withdrawn"]
    assert kinds_at(ELEVEN, BY_EMAIL, LATE, withdrawn) == []
    assert kinds_at(ELEVEN, BY_EMAIL, LATE, withdrawn, LATE) == ["overdue_alert"]


def test_agents_are_warned_before_an_answer_is_due_and_not_from_then_on() -> None:
    soon = ResponseDueSoon(1, ELEVEN + ALERT, "R-6.7-LOW")

    assert kinds_at(ELEVEN + ALERT - SECOND, BY_EMAIL, soon) == ["due_soon_alert"]
    assert kinds_at(ELEVEN + ALERT, BY_EMAIL, soon) == []
    assert kinds_at(ELEVEN, BY_EMAIL, soon, ResponseSent()) == ["response"]


@pytest.mark.parametrize(
    ("state", "alerts"),
    [("accepted", 0), ("posted", 0), ("withheld", 0), ("refused", 1)],
)
def test_C_51_the_desk_is_told_of_a_notice_that_was_refused_and_of_one_that_bounced(
    state: DeliveryState, alerts: int
) -> None:
    sent = NoticeSent("response", ELEVEN, UUID(int=7), delivery=Delivery(state))
    undelivered = ["undelivered_alert"] * alerts

    assert kinds_at(ELEVEN, BY_EMAIL, sent) == undelivered
    bounced = kinds_at(ELEVEN, BY_EMAIL, sent, NoticeBounced(UUID(int=7), "5.1.1"))
    assert bounced == [*undelivered, "undelivered_alert"]
    alert = DeskNoticeSent("undelivered_alert", ELEVEN, UUID(int=8), delivery=Delivery(state))
    assert kinds_at(ELEVEN, BY_EMAIL, alert) == []


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
