"""From which year on terms can count: a ticket from before its calendars has no clock (C-13)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from docket_policies.calendars.calendar import Calendar
from docket_policies.terms.policy import Policy


def calendars_of(terms: Policy) -> Iterator[Calendar]:
    """Yield the calendars in which terms count."""
    yield terms.business
    yield from (target.calendar for target in terms.targets.values())
    yield from (hours.calendar for hours in terms.teams.values())


def counted_since(terms: Policy) -> int:
    """Return the first year of which every calendar knows the holidays."""
    return max((each.covered[0][0] for each in calendars_of(terms) if each.covered), default=0)


def as_counted(terms: Policy, created_at: datetime) -> Policy:
    """Return the terms for a ticket of that instant: without a clock before the calendars."""
    if created_at.year >= counted_since(terms):
        return terms
    clause = terms.refusals.get("calendar_year_missing", terms.clause)
    states = {**terms.states, "no_target": clause}
    return replace(terms, no_target=clause, states=states, turn_starts={})


def is_uncounted(terms: Policy) -> bool:
    """Say whether `as_counted` took the clock away."""
    return terms.no_target is not None and bool(terms.targets)
