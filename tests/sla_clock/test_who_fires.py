"""Each timer of the terms is fired by one service: none by both, and none by nobody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from chronicle import utc
from docket_events.clock import ResponseOverdue
from docket_events.notice import ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Event
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
    UserReplied,
)
from docket_policies.deadlines.timers import TimerName, timers
from docket_policies.terms.loader import policy_of
from notifier import decide as notifier
from people import IMPORT, created
from records import all_at
from sla_clock import decide as sla_clock

NINE = utc("2026-06-08T09:00:00")
SECOND = timedelta(seconds=1)
UNDER_I = {"pack": "infrastructure", "revision": "I-2025-09-08", "service_level": "Standard"}
FILE = ContentRef(UUID(int=9), "")

R, I = created(), created(**UNDER_I)  # noqa: E741  # the letter of the pack
REGISTERED = RegistrationNoticeSent(NINE, UUID(int=3))
DECIDED = ClosureDecided("resolved", "R-6.10-a")
CLOSED = ClosureNoticeSent(NINE, UUID(int=4))
LATE = ResponseOverdue(1, NINE + timedelta(hours=1), "R-6.7-LOW")

STORIES: dict[TimerName, tuple[Event, ...]] = {
    "ResponseDueSoon": (R, REGISTERED),
    "ResponseOverdue": (R, REGISTERED),
    "BreachWithdrawn": (R, REGISTERED, LATE, PriorityChanged("Medium", "Low")),
    "InformationDeadlinePassed": (R, REGISTERED, InformationRequested("q1")),
    "ClosureBecameFinal": (R, REGISTERED, DECIDED, CLOSED),
    "TicketAutoClosed": (I, REGISTERED, ResponseSent()),
    "AttachmentErasureDue": (I, REGISTERED, UserReplied(attachments=(FILE,)), DECIDED, CLOSED),
}
"""What arms a timer of each name."""


def of_sla_clock(events: Sequence[Event]) -> set[str]:
    history = all_at(NINE, *events)
    return {timer.name for timer in sla_clock.armed(history, policy_of(events[0]))}


def of_notifier(events: Sequence[Event]) -> set[str]:
    history = all_at(NINE, *events)
    policy = policy_of(events[0])
    return {
        alarm.name for alarm in notifier.armed(history, policy, (), NINE, timedelta(minutes=30))
    }


@pytest.mark.parametrize("name", get_args(TimerName))
def test_a_timer_of_each_name_is_fired_by_one_service(name: TimerName) -> None:
    events = STORIES[name]
    armed = {timer.name for timer in timers(all_at(NINE, *events), policy_of(events[0]))}

    assert name in armed
    assert of_sla_clock(events) | of_notifier(events) == armed
    assert of_sla_clock(events) & of_notifier(events) == set()
    assert (name in of_notifier(events)) is (name == "ClosureBecameFinal")


def test_I_3_9_1_where_no_file_is_left_nothing_is_due_to_be_erased() -> None:
    without = (I, REGISTERED, DECIDED, CLOSED)

    assert "AttachmentErasureDue" in {t.name for t in timers(all_at(NINE, *without), policy_of(I))}
    assert of_sla_clock(without) == set()


@pytest.mark.parametrize(("later", "armed"), [(-SECOND, True), (0 * SECOND, False)])
def test_a_timer_of_before_an_import_was_written_down_is_settled(
    later: timedelta, armed: bool
) -> None:
    history = all_at(NINE, R, REGISTERED, InformationRequested("q1"), actor=IMPORT)
    (timer,) = timers(history, policy_of(R))
    imported = [each._replace(recorded_at=timer.fires_at + later) for each in history]

    assert bool(sla_clock.armed(imported, policy_of(R))) is armed


def test_a_timer_is_due_at_its_instant_and_not_a_second_before() -> None:
    history = all_at(NINE, R, REGISTERED, InformationRequested("q1"))
    (timer,) = timers(history, policy_of(R))

    def due(at: datetime) -> int:
        return len(sla_clock.due(history, policy_of(R), at))

    assert (due(timer.fires_at - SECOND), due(timer.fires_at)) == (0, 1)
