"""Operating systems by product edition, and the limits of an edition of a product."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.finding import Finding
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.eligibility.words import holds
from docket_policies.terms.editions import Edition, data_of

_OTHER_FAMILIES = (
    "AlmaLinux",
    "Rocky Linux",
    "Oracle Linux",
    "Red Hat Enterprise Linux",
    "RHEL",
    "VzLinux",
    "Fedora",
    "openSUSE",
    "FreeBSD",
    "Windows Server",
)
"""Systems that no terms name: known so that an environment that names one is not taken for none."""


@dataclass(frozen=True, slots=True)
class System:
    """An operating system, and the product editions supported on it."""

    editions: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Systems:
    """The operating systems of an edition of the terms; `together` rules version and system.

    `products` are those it speaks of.
    """

    clause: str
    says: str
    together: str
    together_says: str
    products: tuple[str, ...]
    rows: Mapping[str, System]


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of domains that an edition of the product serves, None without a limit."""

    domains: int | None
    clause: str


def system_finding(question: Question, systems: Systems) -> Finding | None:
    """Return whether the operating system is supported for the product's edition (C-47).

    None for a product of which the terms name no systems. Raises Unanswerable.
    """
    if question.text("product", systems.products[0]) not in systems.products:
        return None
    system = systems.rows.get(question.text("os"))
    edition = question.text("edition")
    if edition not in {name for row in systems.rows.values() for name in row.editions}:
        raise Unanswerable("unknown_edition", f"no edition {edition!r} of the product")
    supported = system is not None and edition in system.editions
    row = system.clause if system else None
    return Finding(supported, systems.clause, {"row": row}, "system", systems.says)


def system_named(edition: Edition, environment: str | None) -> str | None:
    """Return the operating system that a description of an environment names, None for none.

    The description is free text: found is a system of the terms, else a system with its version
    that they do not serve. What names none leaves the system unknown (M-sup-os).
    """
    systems = systems_of(edition)
    said = environment or ""
    if systems is None:
        return None
    known = next((name for name in systems.rows if holds(said, name)), None)
    if known is not None:
        return known
    families = dict.fromkeys((*(name.split()[0] for name in systems.rows), *_OTHER_FAMILIES))
    found = (_versioned(family).search(said) for family in families)
    return next((match[0] for match in found if match is not None), None)


@cache
def _versioned(family: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(family)} v?\d[\w.]*", re.IGNORECASE)


def edition_allows(question: Question) -> Mapping[str, Any]:
    """Answer whether an edition of the product serves so many domains (M-price-domains)."""
    limits = _limits(edition_of(question))
    name = question.text("edition")
    if name not in limits:
        raise Unanswerable("unknown_edition", f"no edition {name!r}; there is {', '.join(limits)}")
    limit = limits[name]
    allowed = limit.domains is None or question.number("domains") <= limit.domains
    return {"answer": allowed, "clause": limit.clause}


@cache
def systems_of(edition: Edition) -> Systems | None:
    """Return the operating systems of an edition of the terms, None when it names none."""
    table = data_of(edition, "systems")
    if table is None:
        return None
    rows = {}
    for name, row in table.children("systems"):
        rows[name] = System(row.names("editions"), row.clause())
        row.value("says", str)
        row.done()
    together = table.child("together")
    systems = Systems(
        clause=table.clause(),
        says=table.value("says", str),
        together=together.clause(),
        together_says=together.value("says", str),
        products=table.names("products"),
        rows=rows,
    )
    if not systems.products:
        raise table.bad("products", "name the products whose systems these are")
    together.done()
    table.done()
    return systems


def edition_names(edition: Edition) -> frozenset[str]:
    """Return the editions of products that the rows about systems and limits name."""
    systems = systems_of(edition)
    of_systems = () if systems is None else (n for s in systems.rows.values() for n in s.editions)
    of_limits = () if data_of(edition, "limits") is None else _limits(edition)
    return frozenset((*of_systems, *of_limits))


@cache
def _limits(edition: Edition) -> Mapping[str, Limit]:
    table = needed(edition, "limits")
    limits = {}
    for name, row in table.children("editions"):
        unlimited = row.value("unlimited", bool, False)
        limits[name] = Limit(None if unlimited else row.value("domains", int), row.clause())
        row.value("says", str)
        row.done()
    table.done()
    return limits
