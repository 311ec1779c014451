"""Watching how tickets end: silence, the objection window, what is erased after the end."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from docket_events.combining import MergedInto
from docket_events.contents import attachments_left
from docket_events.desk import DefectLinked, UpdateReleased
from docket_events.erasure import AttachmentErased
from docket_events.recorded import Happened
from docket_policies.calendars.epoch import DAY, moment, seconds
from docket_policies.calendars.time_arithmetic import days_after_date
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.response_clock import state_of
from docket_policies.deadlines.timer import SECOND, Timer
from docket_policies.terms.clock_states import SILENCE_COUNTS
from docket_policies.terms.policy import Policy


def objections_until(policy: Policy, sent_at: datetime) -> datetime | None:
    """Return the exclusive end of the window in which a closing may be objected to (R-6.10-b).

    None where the terms grant no objection.
    """
    window = policy.objection_window
    if window is None:
        return None
    match policy.readings.days:
        case "from_date":
            return days_after_date(sent_at, window.days)
        case "from_moment":
            return _exactly(sent_at, window.days) + SECOND
        case "business_days":
            return _after_business_days(policy, sent_at, window.days)


def silent_until(policy: Policy, answered_at: datetime) -> datetime | None:
    """Return when a ticket whose user stays silent after a response is closed (I-3.6, C-33).

    None where the terms close no ticket for silence.
    """
    rule = policy.auto_close
    if rule is None:
        return None
    match policy.readings.days:
        case "from_date":
            return days_after_date(answered_at, rule.days)
        case "from_moment":
            return _exactly(answered_at, rule.days)
        case "business_days":
            return _after_business_days(policy, answered_at, rule.days)


def closing_timers(progress: ClockProgress, policy: Policy) -> Iterator[Timer]:
    """Watch the objection window of the closing in force."""
    window = policy.objection_window
    if window is None or progress.closed is None or progress.final:
        return
    notice = progress.closed
    until = notice.objections_until or objections_until(policy, notice.sent_at)
    if until is not None:
        yield Timer("ClosureBecameFinal", str(notice.notice_id), until, window.clause, until)


def silence_ends(progress: ClockProgress, policy: Policy) -> datetime | None:
    """Return when the ticket is closed for silence, None while silence does not count (I-3.6)."""
    since = progress.silence.since
    if policy.auto_close is None or since is None or progress.ended:
        return None
    state = state_of(progress)
    goes_on = state == "no_target" and policy.readings.forward == "ends_response"
    return silent_until(policy, since) if goes_on or state in SILENCE_COUNTS else None


def silence_timers(progress: ClockProgress, policy: Policy) -> Iterator[Timer]:
    """Watch the user's silence while the ball is with the user; forwarding ends it (C-34)."""
    rule, until = policy.auto_close, silence_ends(progress, policy)
    if rule is not None and until is not None:
        yield Timer("TicketAutoClosed", rule.reason, until, rule.clause, until)


def erasure_timers(
    progress: ClockProgress, history: Sequence[Happened], policy: Policy
) -> Iterator[Timer]:
    """Watch the erasing of what was copied for a ticket once it is resolved (I-3.9.1, C-40).

    A ticket that lives on in another one is not resolved; one with a planned correction is so when
    the update is out. What somebody erased by hand leaves the rest due.
    """
    rule = policy.erasure
    ended_at = _resolved_at(progress, policy)
    if rule is None or ended_at is None:
        return
    due, clause = ended_at, rule.clause
    pending: set[str] = set()
    left = attachments_left(history)
    for happened in history:
        match happened.event:
            case AttachmentErased() if happened.occurred_at >= ended_at and not left:
                return
            case DefectLinked(plan_reference=reference):
                pending.add(reference)
            case UpdateReleased(plan_reference=reference) if reference in pending:
                pending.discard(reference)
                if happened.occurred_at > due:
                    due, clause = happened.occurred_at, rule.held_clause
            case _:
                pass
    if not pending:
        yield Timer("AttachmentErasureDue", "attachments", due, clause, due)


def _resolved_at(progress: ClockProgress, policy: Policy) -> datetime | None:
    end = progress.concluded or progress.revoked
    if end is not None:
        return None if isinstance(end.event, MergedInto) else end.occurred_at
    if progress.closed is None or (policy.objection_window is not None and not progress.final):
        return None
    return progress.closed.sent_at


def _exactly(instant: datetime, days: int) -> datetime:
    return instant.astimezone(UTC) + timedelta(days=days)


def _after_business_days(policy: Policy, instant: datetime, days: int) -> datetime:
    """Return the exclusive end of the so-manieth business day after the date of an instant."""
    day = seconds(instant) // DAY
    while days > 0:
        day += 1
        days -= policy.business.measure(day * DAY, (day + 1) * DAY) > 0
    return moment((day + 1) * DAY)
