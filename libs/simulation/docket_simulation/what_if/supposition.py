"""Other terms instead of a ticket's own: what may be supposed, and the resulting terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from docket_events.ticket import Priority
from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.editions import UnknownPack
from docket_policies.terms.loader import (
    HasTerms,
    edition,
    pack_of_revision,
    policy,
    terms_of,
    with_agreements,
)
from docket_policies.terms.policy import Policy, Target
from docket_policies.terms.readings import ALLOWED
from docket_simulation.scenarios.scenario import check_readings, with_readings


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed instead of a ticket's own terms; what is None or empty stays.

    `targets` names the edition whose times are taken over, at service level `level`; `calendar`
    counts every target. Raises Unanswerable where a name is unknown or nothing is supposed.
    """

    readings: Mapping[str, str] = field(default_factory=dict)
    revision: str | None = None
    targets: str | None = None
    level: str | None = None
    calendar: str | None = None

    def __post_init__(self) -> None:
        if not (self.readings or self.revision or self.targets or self.calendar):
            known = ", ".join(ALLOWED)
            raise Unanswerable("nothing_supposed", f"suppose a reading ({known}), or other terms")
        if self.level is not None and self.targets is None:
            raise Unanswerable(
                "unknown_offer", "a level is one of the targets supposed: say of which edition"
            )
        check_readings(self.readings)
        if self.calendar is not None and calendar(self.calendar) is None:
            raise Unanswerable("unknown_calendar", f"no calendar {self.calendar!r}")
        for revision in (self.revision, self.targets):
            if revision is not None:
                _offers(revision)

    @property
    def label(self) -> str:
        """Return what is supposed in a few words."""
        said = [f"{name}={value}" for name, value in self.readings.items()]
        if self.revision is not None:
            said.append(self.revision)
        if self.targets is not None:
            said.append(" ".join(filter(None, ("targets of", self.targets, self.level))))
        if self.calendar is not None:
            said.append(f"counted in {self.calendar}")
        return ", ".join(said)

    def terms(self, ticket: HasTerms) -> Policy:
        """Return the terms that the ticket would have; raise Unanswerable or UnknownPack.

        Special conditions of the ticket stay in force (R-2.3).
        """
        if self.revision is None:
            terms = terms_of(ticket)
        else:
            pack = _offers(self.revision)[0].pack
            terms = policy(pack, self.revision, ticket.product, ticket.service_level)
        if self.readings:
            terms = with_readings(terms, self.readings)
        if self.targets is not None:
            terms = replace(terms, targets=self._targets(terms, ticket.product))
        if self.calendar is not None:
            terms = replace(terms, targets=_counted_in(terms.targets, self.calendar))
        return with_agreements(terms, ticket)

    def _targets(self, terms: Policy, product: str) -> Mapping[Priority, Target]:
        """Return the other edition's targets for the product; its first offer if it has none."""
        assert self.targets is not None, "asked only where targets are supposed"
        offers = [o for o in _offers(self.targets) if self.level in (None, o.service_level)]
        if not offers:
            raise Unanswerable("unknown_offer", f"{self.targets} has no level {self.level!r}")
        fitting = next((offer for offer in offers if product in offer.products), offers[0])
        return {**terms.targets, **fitting.targets}


def _offers(revision: str) -> tuple[Policy, ...]:
    try:
        return edition(pack_of_revision(revision), revision)
    except UnknownPack as unknown:
        raise Unanswerable("unknown_pack", str(unknown)) from None


def _counted_in(targets: Mapping[Priority, Target], name: str) -> Mapping[Priority, Target]:
    counted = calendar(name)
    assert counted is not None, "a supposition names a calendar that exists"
    return {priority: replace(target, calendar=counted) for priority, target in targets.items()}
