"""What the oracle counts by: budgets, open minutes and pauses of the packs, said once more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import holidays

HOLIDAYS = frozenset(holidays.country_holidays("CY", years=range(2016, 2031), observed=False))

STANDARD = {"Emergency": 8 * 60, "High": 16 * 60, "Medium": 24 * 60, "Low": 32 * 60}
PRIVILEGE = {"Emergency": 4 * 60, "High": 8 * 60, "Medium": 12 * 60, "Low": 16 * 60}


@dataclass(frozen=True)
class Rules:
    """What the walk knows of the terms: minutes of budget, and which minutes count.

    `counts` is asked with priority, who has the ticket beside the desk, and the minute. Without
    `pauses` only the user's debts stop the clock; `anew` counts a part from its making. A request
    is owed for `hours_for_information`; after `silent_days` without a word the ticket closes.
    """

    budget: Mapping[str, int]
    counts: Callable[[str, str | None, datetime], bool]
    pauses: bool
    anew: bool
    hours_for_information: int | None = None
    silent_days: int | None = None


@cache
def business_minute(minute: datetime, opens: int, closes: int) -> bool:
    """Say whether a minute lies in these hours of a business day."""
    return (
        minute.weekday() < 5
        and opens <= minute.hour < closes
        and date(*minute.timetuple()[:3]) not in HOLIDAYS
    )


def _counts_in_pack_r(priority: str, team: str | None, minute: datetime) -> bool:
    return (priority == "Emergency" and team is None) or business_minute(minute, 9, 18)


RULES_OF_R = Rules(STANDARD, _counts_in_pack_r, pauses=True, anew=True, hours_for_information=72)


def rules_of_i(product: str, level: str) -> Rules:
    """Return the rules of pack I for a product at a level (I-2.6, I-3.1)."""
    daily = product in ("BILLmanager 6", "DNSmanager 6")

    def counts(priority: str, team: str | None, minute: datetime) -> bool:
        if level == "Privilege" or priority == "Emergency":
            return True
        if team is not None:
            return business_minute(minute, 6, 15)
        return not daily or 6 <= minute.hour < 18

    budget = PRIVILEGE if level == "Privilege" else STANDARD
    return Rules(budget, counts, pauses=False, anew=False, silent_days=7)


CALENDARS: Mapping[str, Callable[[datetime], bool]] = {
    "ALWAYS": lambda _: True,
    "R_BH": lambda minute: business_minute(minute, 9, 18),
}


def with_agreed(rules: Rules, agreed: Mapping[str, Mapping[str, Any]]) -> Rules:
    """Return the rules with what was agreed apart; a team's hours do not touch it (R-2.3)."""

    def counts(priority: str, team: str | None, minute: datetime) -> bool:
        if priority in agreed:
            return CALENDARS[agreed[priority]["calendar"]](minute)
        return rules.counts(priority, team, minute)

    budget = {priority: 60 * target["hours"] for priority, target in agreed.items()}
    return replace(rules, budget={**rules.budget, **budget}, counts=counts)
