"""The criteria of priority: rows of the terms, named by their clause, each of one priority.

A row without a product is of the general column and fits every ticket (R-5.2, I-2.6, C-66).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import get_args

from docket_events.ticket import Priority
from docket_policies.eligibility.editions import needed
from docket_policies.terms.editions import Edition, data_of, edition_named

_PRIORITIES = get_args(Priority)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the table of criteria: its clause is its name."""

    name: str
    priority: Priority
    product: str | None
    says: str

    def fits(self, product: str) -> bool:
        """Return whether the row is about a product, of which an edition may be named too."""
        return self.product is None or f"{product} ".startswith(f"{self.product} ")


@dataclass(frozen=True, slots=True)
class Criteria:
    """The rows of an edition by their names; a wrong name is refused by `clause`."""

    clause: str
    rows: Mapping[str, Criterion]


@cache
def criteria_of(edition: Edition) -> Criteria:
    """Return the criteria of an edition; raise Unanswerable where it has none, or BadPack."""
    table = needed(edition, "criteria")
    rows = {}
    for name, row in table.children("criteria"):
        priority = row.value("priority", str)
        known = next((each for each in _PRIORITIES if each == priority), None)
        if known is None:
            raise row.bad("priority", f"write one of {', '.join(_PRIORITIES)}")
        product = row.value("product", str, "") or None
        rows[name] = Criterion(name, known, product, row.value("says", str))
        row.done()
    criteria = Criteria(table.clause(), rows)
    table.done()
    return criteria


@lru_cache(maxsize=1024)  # the product is the caller's word
def criteria_for(pack: str, revision: str, product: str) -> tuple[Criterion, ...]:
    """Return the criteria that fit a product, in the order of the terms; raise UnknownPack."""
    criteria = _criteria(pack, revision)
    rows = criteria.rows.values() if criteria is not None else ()
    return tuple(row for row in rows if row.fits(product))


def criterion_named(pack: str, revision: str, name: str) -> Criterion | None:
    """Return the criterion of an edition, None where it has none so named; raise UnknownPack."""
    criteria = _criteria(pack, revision)
    return criteria.rows.get(name) if criteria is not None else None


def clause_of_criteria(pack: str, revision: str) -> str | None:
    """Return the clause of an edition's criteria, None where it has none; raise UnknownPack."""
    criteria = _criteria(pack, revision)
    return criteria.clause if criteria is not None else None


def _criteria(pack: str, revision: str) -> Criteria | None:
    edition = edition_named(pack, revision)
    return criteria_of(edition) if data_of(edition, "criteria") is not None else None
