"""Under which rules a case becomes a ticket: whose it is, and which instants can be."""

from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from functools import lru_cache

from docket_events.instants import wire
from docket_policies.terms.coverage import calendars_of, counted_since
from docket_policies.terms.loader import policy
from docket_policies.terms.policy import Policy


@dataclass(frozen=True, slots=True)
class ImportRules:
    """`source` names the helpdesk, `prefix` stands before its numbers.

    What lies behind `present` has not happened yet; None knows no present. What lies before the
    first year of a calendar is taken with `before_calendars` alone: its ticket has no clock.
    """

    source: str
    prefix: str = ""
    present: datetime | None = None
    before_calendars: bool = False

    def objection(self, instant: datetime, terms: Policy) -> tuple[str, str] | None:
        """Return why an instant cannot be taken and what would be right, None where it can."""
        if self.present is not None and instant > self.present:
            return "lies in the future", f"an instant up to now, {wire(self.present)}"
        first, last = _years(terms.pack, terms.revision)
        if instant.year < first and not self.before_calendars:
            return (
                f"lies before {first}, from when on its calendars know their holidays: its ticket"
                " would have no clock",
                f"{first} or later, or --before-calendars to take it without a clock",
            )
        if instant.year > last:
            return (
                f"lies behind {last}, up to when its calendars know their holidays",
                "an instant up to then, or a calendar with more years",
            )
        return None


@lru_cache  # asked of every line of a file
def _years(pack: str, revision: str) -> tuple[int, int]:
    """Return the first and the last year in which an edition can count."""
    terms = policy(pack, revision)
    last = [each.covered[-1][1] for each in calendars_of(terms) if each.covered]
    return counted_since(terms), min(last, default=MAXYEAR)
