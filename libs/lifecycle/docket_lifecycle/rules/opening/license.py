"""The terms of a new ticket: the license that counts, its pack, and the edition in force (C-26).

What is recorded of the account counts; where nothing is, the words of who opens the ticket do.
"""

from dataclasses import replace
from datetime import UTC, datetime

from docket_events.account import LicenseRecorded
from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.state.account import Account
from docket_policies.eligibility.choice_of_pack import License, choice, plain, product_and_edition
from docket_policies.eligibility.product_names import plan_names
from docket_policies.eligibility.support_hours import known_plans
from docket_policies.terms.editions import Edition, edition_named
from docket_policies.terms.loader import policy, revision_in_force
from docket_policies.terms.policy import Policy

FOR_GOOD = datetime.max.replace(tzinfo=UTC)


def terms_of(command: Create, at: datetime) -> Policy:
    """Return the terms of a ticket that is opened at `at`, without special conditions.

    Raises Refused where no terms apply to the license (R-0.2, I-1.5).
    """
    product, edition = product_and_edition(command.product, command.edition)
    chosen = choice(
        License(product, edition, command.service_level, command.direct, command.certificate)
    )
    if chosen.pack is None:
        what = " ".join(filter(None, (product, edition)))
        raise Refused("no_pack", chosen.clauses[0], f"no terms apply to this license of {what}")
    level = command.service_level or chosen.level
    return policy(chosen.pack, revision_in_force(chosen.pack, at), command.product, level)


def refuse_plan(plan: str | None, edition: Edition, clause: str) -> None:
    """Raise Refused for a plan that terms with plans do not have (H-plan)."""
    plans = known_plans(edition)
    if plans and plan is not None and plan.lower() not in plans:
        raise Refused("unknown_plan", clause, f"the plans are {', '.join(plans)}")


def refuse_recorded_plan(license_: LicenseRecorded, at: datetime) -> None:
    """Raise Refused where a license names a plan under which no ticket could be opened (H-plan).

    A license of terms without plans may name one of another issuer, but none that nobody has.
    """
    product, edition = product_and_edition(license_.product, license_.edition)
    chosen = choice(
        License(product, edition, license_.service_level, not license_.resold, license_.certificate)
    )
    if chosen.pack is not None:
        terms = policy(chosen.pack, revision_in_force(chosen.pack, at), product)
        opening = terms.capabilities["create"]
        refuse_plan(license_.plan, edition_named(terms.pack, terms.revision), opening.clause)
    if license_.plan is not None and license_.plan.lower() not in (known := plan_names()):
        raise Refused("unknown_plan", "H-plan", f"the plans are {', '.join(sorted(known))}")


def licensed(command: Create, account: Account, at: datetime) -> Create:
    """Return the command with what is recorded of its account at `at` (R-3.2.3, I-1.2, C-52).

    The license decides on edition, level and special conditions. Of several licenses for the
    product the one with the edition and level that the command names counts, else the one recorded
    last. Its last day counts to the end (C-50).
    """
    barred = account.restriction
    standing = command.standing
    if barred is not None:
        standing = replace(standing, restricted_until=barred.until or FOR_GOOD)
    found = _license(command, account)
    if found is None:
        return replace(command, standing=standing)
    product, edition = product_and_edition(found.product, found.edition)
    until = found.license_until
    return replace(
        command,
        product=product,
        edition=edition or None,
        service_level=found.service_level,
        direct=not found.resold,
        certificate=found.certificate,
        special_conditions=found.special_conditions,
        plan=found.plan,
        standing=replace(
            standing,
            registered=True,
            license_until=until or FOR_GOOD.date(),
            license_active=None if until is None else at.astimezone(UTC).date() <= until,
            services_until=found.services_until,
            updates_until=found.updates_until,
        ),
    )


def _license(command: Create, account: Account) -> LicenseRecorded | None:
    product, edition = product_and_edition(command.product, command.edition)

    def likeness(license_: LicenseRecorded) -> tuple[bool, bool]:
        own = product_and_edition(license_.product, license_.edition)[1]
        return (
            edition != "" and plain(own) == plain(edition),
            command.service_level is not None and license_.service_level == command.service_level,
        )

    of_product = [
        license_
        for license_ in reversed([*account.licenses.values()])
        if product_and_edition(license_.product, license_.edition)[0] == product
    ]
    return max(of_product, key=likeness, default=None)
