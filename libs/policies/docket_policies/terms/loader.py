"""The packs that travel with the package: which edition governs, and special conditions on top.

Data is read once. What is wrong in it is refused with the file, the key and what to do: an edition
is either whole or not there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Protocol

from docket_events.opening import AgreedTarget
from docket_events.ticket import Priority
from docket_policies.calendars.epoch import HOUR
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.editions import UnknownPack, all_editions, pack_ids, text_of
from docket_policies.terms.pack_format import read_pack
from docket_policies.terms.policy import Policy, Target
from docket_policies.terms.table import BadPack

FIRST_READINGS = 1
"""The version of the readings of a ticket whose log names none."""


class UnknownOffer(UnknownPack):
    """The edition offers nothing for that product or service level."""


class HasTerms(Protocol):
    """What says which terms a ticket has: the ticket, or the event that created it."""

    @property
    def pack(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def product(self) -> str: ...

    @property
    def service_level(self) -> str | None: ...

    @property
    def readings_version(self) -> int | None: ...

    @property
    def special_conditions(self) -> Mapping[Priority, AgreedTarget] | None: ...


def policy_of(ticket: HasTerms) -> Policy:
    """Return the terms of a ticket, with what was agreed apart when it was created (R-2.3).

    Raises UnknownPack, and BadPack where an agreement names an unknown calendar.
    """
    return with_agreements(terms_of(ticket), ticket)


def terms_of(ticket: HasTerms) -> Policy:
    """Return the terms of a ticket as they were read when it was created; raise UnknownPack."""
    version = FIRST_READINGS if ticket.readings_version is None else ticket.readings_version
    return policy(ticket.pack, ticket.revision, ticket.product, ticket.service_level, version)


def with_agreements(terms: Policy, ticket: HasTerms) -> Policy:
    """Return the terms with what was agreed apart for the ticket; raise BadPack (R-2.3)."""
    agreed = ticket.special_conditions
    if not agreed:
        return terms
    return with_special_conditions(
        terms,
        {
            priority: {"hours": target.hours}
            | ({} if target.calendar is None else {"calendar": target.calendar})
            | ({} if target.team_hours is None else {"team_hours": target.team_hours})
            for priority, target in agreed.items()
        },
    )


@lru_cache(maxsize=1024)  # product and level are the caller's words
def policy(
    pack: str,
    revision: str,
    product: str | None = None,
    service_level: str | None = None,
    readings_version: int | None = None,
) -> Policy:
    """Return the terms of an edition of a pack, named by its id or its letter.

    Where they differ by product, a ticket's product may name an edition of it too; a service level
    that nobody named is the first one (C-26), readings that nobody named are the current ones.
    Raises UnknownPack.
    """
    terms = _offered(pack, revision, product, service_level)
    if readings_version in (None, terms.readings_version):
        return terms
    if readings_version not in terms.earlier_readings:
        raise UnknownPack(f"{revision} has no version {readings_version} of its readings")
    return terms.as_read(readings_version)


def _offered(pack: str, revision: str, product: str | None, service_level: str | None) -> Policy:
    offers = edition(pack, revision)
    fitting = [
        terms
        for terms in offers
        if _covers(terms, product) and service_level in (None, terms.service_level)
    ]
    if not offers[0].products:
        return offers[0]
    if not fitting:
        known = "; ".join(f"{terms.service_level}: {', '.join(terms.products)}" for terms in offers)
        raise UnknownOffer(
            f"{revision} offers nothing for {product!r} at level {service_level!r}; it has {known}"
        )
    return fitting[0]


def _covers(terms: Policy, product: str | None) -> bool:
    return product is not None and any(
        product == name or product.startswith(f"{name} ") for name in terms.products
    )


def edition(pack: str, revision: str) -> tuple[Policy, ...]:
    """Return all that an edition offers, one policy an offer; raise UnknownPack."""
    editions = _editions(pack)
    for offers in editions:
        if offers[0].revision == revision:
            return offers
    known = ", ".join(offers[0].revision for offers in editions)
    raise UnknownPack(f"pack {pack!r} has no edition {revision!r}; it has {known}")


def pack_of_revision(revision: str) -> str:
    """Return the pack that an edition belongs to; raise UnknownPack."""
    for editions in _all_editions():
        if any(offers[0].revision == revision for offers in editions):
            return editions[0][0].pack
    known = ", ".join(revisions())
    raise UnknownPack(f"no edition {revision!r}; there is {known}")


def revisions() -> tuple[str, ...]:
    """Return the names of all editions."""
    return tuple(offers[0].revision for editions in _all_editions() for offers in editions)


@cache
def service_levels() -> tuple[str, ...]:
    """Return the names of the service levels that any edition offers, in the order of the data."""
    offers = (terms for editions in _all_editions() for edition in editions for terms in edition)
    levels = (terms.service_level for terms in offers)
    return tuple(dict.fromkeys(level for level in levels if level is not None))


def revision_in_force(pack: str, created_at: datetime) -> str:
    """Return the edition in effect at the moment of creation (R-2.2); raise UnknownPack.

    What is older than the oldest edition we have, as imported histories are, falls under that one.
    """
    editions = [offers[0] for offers in _editions(pack)]
    in_force = [terms for terms in editions if terms.effective_from <= created_at]
    return (in_force or editions[:1])[-1].revision


def with_special_conditions(
    terms: Policy, conditions: Mapping[Priority, Mapping[str, Any]]
) -> Policy:
    """Return the terms with the targets agreed apart: priority -> hours, calendar (R-2.3, I-1.3).

    Raises BadPack with the key that is wrong.
    """
    targets = dict(terms.targets)
    for priority, agreed in conditions.items():
        where = f"special_conditions.{priority}"
        if priority not in targets:
            raise BadPack("question", where, f"name one of {', '.join(targets)}")
        hours = agreed.get("hours")
        if not isinstance(hours, int | float) or isinstance(hours, bool) or hours <= 0:
            raise BadPack("question", f"{where}.hours", "write a number above 0")
        named = str(agreed.get("calendar", targets[priority].calendar.name))
        counted = calendar(named)
        if counted is None:
            raise BadPack("question", f"{where}.calendar", f"calendar {named!r} is unknown")
        budget, kept = round(hours * HOUR), not agreed.get("team_hours", False)
        targets[priority] = Target(budget, counted, terms.absent_clause, agreed=kept)
    return replace(terms, targets=targets)


@cache
def _editions(pack: str) -> tuple[tuple[Policy, ...], ...]:
    """Return the editions of a pack, oldest first."""
    packs = _all_editions()
    for editions in packs:
        if pack in (editions[0][0].pack, editions[0][0].letter):
            return editions
    known = ", ".join(f"{e[0][0].pack} ({e[0][0].letter})" for e in packs)
    raise UnknownPack(f"no pack {pack!r}; there is {known}")


@cache
def _all_editions() -> tuple[tuple[tuple[Policy, ...], ...], ...]:
    """Return what each edition of every pack offers."""
    packs = []
    for pack in sorted(pack_ids()):
        texts = [(text_of(each), each.file) for each in all_editions() if each.pack == pack]
        editions = [read_pack(text, file, calendar) for text, file in texts]
        packs.append(tuple(sorted(editions, key=lambda offers: offers[0].effective_from)))
    return tuple(packs)
