"""Which notices a ticket owes, and at which instants notifier looks at it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from docket_events.notice import (
    NoticeKind,
    SentNotice,
)
from docket_events.recorded import Recorded
from docket_lifecycle.state.imported import settled_until, was_imported
from docket_lifecycle.state.ticket import Ticket
from docket_policies.deadlines.timer import Owner
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy
from notifier.causes import for_the_desk, for_the_user
from notifier.owed_notice import OwedNotice

ONLY_THE_LAST: frozenset[NoticeKind] = frozenset(
    {
        "closing",
        "response",
        "priority",
        "comment",
        "objection_accepted",
        "objection_refused",
        "due_soon_alert",
    }
)
"""Notices of which only the latest cause is sent; earlier ones that were not sent are dropped."""

OWNER: Owner = "notifier"
"""Whose alarms these are, and who acts when they ring."""

MISSING = "RegistrationNoticeMissing"
OWED = "NoticeOwed"
RETRY_AFTER = timedelta(minutes=1)
RETRY_AT_MOST_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An instant at which notifier looks at a ticket again."""

    name: str
    key: str
    fires_at: datetime
    due_at: datetime | None = None
    clause: str | None = None


def owed(
    ticket: Ticket, history: Sequence[Recorded], at: datetime, alert_after: timedelta
) -> tuple[OwedNotice, ...]:
    """Return the notices that are owed and not recorded yet, in the order of their causes.

    Imported events owe nothing. News that the user could also see in the ticket (a response, a
    priority) is owed for `NEWS_LASTS`, and only to users with an address. Agents are alerted if a
    user has waited `alert_after` for the registration notice, because without it no clock runs
    (R-1.14, C-01); a registration notice that can be sent after all goes first and makes the alert
    needless.
    """
    told = {
        each.event.notice_id: each.event for each in history if isinstance(each.event, SentNotice)
    }
    notices = [
        notice
        for recorded in history
        if not was_imported(recorded)
        for notice in (
            *for_the_user(recorded, ticket, at, alert_after),
            *for_the_desk(recorded, ticket, at, history, told),
        )
    ]
    last = {notice.kind: notice for notice in notices}
    return tuple(
        notice
        for notice in notices
        if notice.id not in told
        and (notice.kind not in ONLY_THE_LAST or notice is last[notice.kind])
    )


def window_over(history: Sequence[Recorded], policy: Policy, at: datetime) -> bool:
    """Return whether the objection window has ended by `at` without a record of it (R-6.10-b)."""
    return any(alarm.fires_at <= at for alarm in _windows(history, policy))


def armed(
    history: Sequence[Recorded],
    policy: Policy,
    still_owed: Sequence[OwedNotice],
    at: datetime,
    alert_after: timedelta,
) -> tuple[Alarm, ...]:
    """Return the alarms of the ticket, given what could not be sent at `at`."""
    alarms = list(_windows(history, policy))
    for notice in still_owed:
        alarms.append(Alarm(OWED, str(notice.id), at + _pause(notice, at)))
        alert_at = notice.cause.occurred_at + alert_after
        if notice.kind == "registration" and alert_at > at:
            alarms.append(Alarm(MISSING, str(notice.id), alert_at, clause="R-1.14"))
    return tuple(alarms)


def _pause(notice: OwedNotice, at: datetime) -> timedelta:
    """Return how long a letter waits that could not be sent: the longer, the longer it was owed."""
    return min(max((at - notice.cause.occurred_at) / 30, RETRY_AFTER), RETRY_AT_MOST_AFTER)


def _windows(history: Sequence[Recorded], policy: Policy) -> Iterator[Alarm]:
    settled = settled_until(history)
    for timer in timers(history, policy):
        if timer.owner == OWNER and (settled is None or timer.fires_at > settled):
            yield Alarm(timer.name, timer.key, timer.fires_at, timer.due_at, timer.clause)
