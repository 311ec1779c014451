"""Three tickets with late evidence, and the four right answers for each: as_of x known_at.

2026-06-08 is a Monday; no holiday lies near it. An event stands here with when it was written down,
when it happened, and who caused it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from chronicle import ANN, BEN, Chronicle, created, utc
from docket_events.clock import BreachWithdrawn, InformationDeadlinePassed, ResponseOverdue
from docket_events.codec import schema_version_of, type_of
from docket_events.desk import BreachExcused
from docket_events.ids import in_partition
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Recorded
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
)

CLOCK = Actor("system", "sla-clock")
NOTIFIER = Actor("system", "notifier")
NOW = "2026-06-15T12:00:00"
NOTICE_ID = UUID("00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Written:
    """An event: when it was written down, when it happened, who caused it."""

    recorded: str
    occurred: str
    event: Event
    actor: Actor = BEN


@dataclass(frozen=True)
class LateEvidence:
    """A ticket, and what is right of it by (as_of, known_at)."""

    story: Sequence[Written]
    answers: Mapping[tuple[str, str], Mapping[str, Any]]


def high(registered_when: str = "2026-06-08T09:00:00") -> list[Written]:
    """Tell a ticket of high priority, created and registered on Monday at 09:00."""
    monday = "2026-06-08T09:00:00"
    notice = RegistrationNoticeSent(utc(monday), NOTICE_ID)
    return [
        Written(monday, monday, created(), ANN),
        Written(monday, monday, PriorityChanged("High", "Low")),
        Written(registered_when, monday, notice, NOTIFIER),
    ]


_THURSDAY = utc("2026-06-11T10:00:00")
_DUE = utc("2026-06-09T16:00:00")
_OVERDUE = Written(
    "2026-06-09T16:00:01", "2026-06-09T16:00:01", ResponseOverdue(1, _DUE, "R-6.7-HIGH"), CLOCK
)

LATE_NOTICE = LateEvidence(
    story=high(registered_when="2026-06-10T10:00:00"),
    answers={
        ("2026-06-08T12:00:00Z", "2026-06-08T12:00:00Z"): {
            "clock_state": "not_started", "deadline": None, "overdue": False, "consumed_s": 0,
        },
        ("2026-06-08T12:00:00Z", "2026-06-11T09:00:00Z"): {
            "clock_state": "running", "deadline": "2026-06-09T16:00:00Z", "overdue": False,
            "consumed_s": 3 * 3600,
        },
        ("2026-06-10T09:30:00Z", "2026-06-10T09:30:00Z"): {
            "clock_state": "not_started", "deadline": None, "overdue": False, "consumed_s": 0,
        },
        ("2026-06-10T09:30:00Z", "2026-06-11T09:00:00Z"): {
            "clock_state": "running", "deadline": "2026-06-09T16:00:00Z", "overdue": True,
            "consumed_s": 18 * 3600 + 1800,
        },
    },
)  # fmt: skip  # a line says one answer
"""R-1.14: the notice of registration went out on Monday and was written down on Wednesday."""

LATE_INFORMATION = LateEvidence(
    story=[
        *high(),
        Written(
            "2026-06-08T10:00:00",
            "2026-06-08T10:00:00",
            InformationRequested("q1", deadline=_THURSDAY, clause="R-6.9-b"),
        ),
        Written(
            "2026-06-11T10:00:01",
            "2026-06-11T10:00:01",
            InformationDeadlinePassed("q1", _THURSDAY, "R-6.9-b"),
            CLOCK,
        ),
        Written("2026-06-12T09:00:00", "2026-06-10T12:00:00", InformationProvided("q1"), ANN),
    ],
    answers={
        ("2026-06-10T13:00:00Z", "2026-06-10T13:00:00Z"): {
            "waiting_for": "user", "clock_state": "waiting_user", "close": "refused",
        },
        ("2026-06-10T13:00:00Z", "2026-06-12T12:00:00Z"): {
            "waiting_for": "provider", "clock_state": "running", "close": "refused",
            "deadline": "2026-06-12T10:00:00Z",
        },
        ("2026-06-11T12:00:00Z", "2026-06-11T12:00:00Z"): {
            "waiting_for": "user", "clock_state": "waiting_user", "close": "allowed",
        },
        ("2026-06-11T12:00:00Z", "2026-06-12T12:00:00Z"): {
            "waiting_for": "provider", "clock_state": "running", "close": "refused",
            "deadline": "2026-06-12T10:00:00Z",
        },
    },
)  # fmt: skip
"""R-6.9-b: what was asked for came in time and was found after its deadline had passed.

`close` is whether the provider might close for want of information.
"""

LATE_ANSWER = LateEvidence(
    story=[
        *high(),
        _OVERDUE,
        Written("2026-06-10T09:00:00", "2026-06-09T15:00:00", ResponseSent()),
        Written(
            "2026-06-10T09:00:01",
            "2026-06-10T09:00:01",
            BreachWithdrawn(1, _DUE, "R-6.7-HIGH"),
            CLOCK,
        ),
    ],
    answers={
        ("2026-06-09T15:30:00Z", "2026-06-09T15:30:00Z"): {
            "waiting_for": "provider", "clock_state": "running", "overdue": False,
            "deadline": "2026-06-09T16:00:00Z", "consumed_s": 15 * 3600 + 1800,
        },
        ("2026-06-09T15:30:00Z", "2026-06-10T12:00:00Z"): {
            "waiting_for": "user", "clock_state": "satisfied", "overdue": False,
            "ended_at": "2026-06-09T15:00:00Z", "consumed_s": 15 * 3600,
        },
        ("2026-06-09T17:00:00Z", "2026-06-09T17:00:00Z"): {
            "waiting_for": "provider", "clock_state": "running", "overdue": True,
            "deadline": "2026-06-09T16:00:00Z", "consumed_s": 17 * 3600,
        },
        ("2026-06-09T17:00:00Z", "2026-06-10T12:00:00Z"): {
            "waiting_for": "user", "clock_state": "satisfied", "overdue": False,
            "ended_at": "2026-06-09T15:00:00Z", "consumed_s": 15 * 3600,
        },
    },
)  # fmt: skip
"""C-09: an answer given in time was recorded after the breach had been told."""

EXCUSED = LateEvidence(
    story=[
        *high(),
        _OVERDUE,
        Written("2026-06-10T09:00:00", "2026-06-10T09:00:00", ResponseSent()),
        Written(
            "2026-06-12T09:00:00",
            "2026-06-12T09:00:00",
            BreachExcused(1, "force_majeure", "R-7.2-c", "olga", _DUE),
        ),
    ],
    answers={},
)
"""R-7.2-c: a breach that was excused; what is true of the ticket is the same without it."""

TICKETS = {
    "late_notice": LATE_NOTICE,
    "late_information": LATE_INFORMATION,
    "late_answer": LATE_ANSWER,
}


def history_of(story: Sequence[Written]) -> tuple[Recorded, ...]:
    """Return a story as the log would hold it, without a log."""
    ticket_id = in_partition(UUID(int=7 << 76 | 2 << 62), 0)
    return tuple(
        Recorded(
            partition=0,
            position=version,
            ticket_id=ticket_id,
            version=version,
            event_id=UUID(int=version),
            type=type_of(each.event),
            schema_version=schema_version_of(each.event),
            event=each.event,
            occurred_at=utc(each.occurred),
            recorded_at=utc(each.recorded),
            actor=each.actor,
            correlation_id=UUID(int=0),
            causation_id=UUID(int=version - 1) if version > 1 else None,
            hash=b"",
        )
        for version, each in enumerate(story, 1)
    )


async def write(url: str, told: LateEvidence, number: str = "1") -> UUID:
    """Write a ticket into a test's log, each event when it was written down; return its id."""
    return (await write_all(url, {number: told}))[number]


async def write_all(url: str, tickets: Mapping[str, LateEvidence]) -> dict[str, UUID]:
    """Write tickets by their numbers; return their ids.

    All go in the order of writing down, for the log's time never runs backwards.
    """
    acts = [
        (recorded, number, actor, tuple(group))
        for number, told in tickets.items()
        for (recorded, actor), group in groupby(told.story, key=lambda e: (e.recorded, e.actor))
    ]
    ids: dict[str, UUID] = {}
    for recorded, number, actor, group in sorted(acts, key=lambda act: act[0]):
        chronicle = Chronicle(url, recorded)
        story = [(each.occurred, _numbered(each.event, number)) for each in group]
        if number in ids:
            await chronicle.then(ids[number], *story, actor=actor)
        else:
            ids[number] = await chronicle.ticket(*story, actor=actor)
    return ids


def _numbered(event: Event, number: str) -> Event:
    return replace(event, number=number) if type_of(event) == "TicketCreated" else event  # type: ignore[call-arg]  # only TicketCreated has it


def instant(text: str) -> datetime:
    """Read an instant like 2026-06-08T12:00:00Z."""
    return datetime.fromisoformat(text)
