"""What is recorded of an account, for the rules of opening a ticket and of writing in it.

What is recorded counts; where nothing is recorded, the statements of whoever opens the ticket do.
"""

from dataclasses import replace
from datetime import UTC, datetime

from msgspec import structs

from docket_events.account import LicenseRecorded
from docket_lifecycle.commands import Create
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Ticket
from docket_policies.eligibility.choice_of_pack import named, plain

FOR_GOOD = datetime.max.replace(tzinfo=UTC)


def standing_of(ticket: Ticket, account: Account) -> Ticket:
    """Return the ticket with the restriction of its account (C-52)."""
    barred = account.restriction
    if barred is None:
        return ticket
    work = structs.replace(ticket.work, restricted=True, restricted_until=barred.until)
    return structs.replace(ticket, work=work)


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
    product, edition = named(found.product, found.edition)
    until = found.license_until
    return replace(
        command,
        product=product,
        edition=edition or None,
        service_level=found.service_level,
        direct=not found.resold,
        certificate=found.certificate,
        special_conditions=found.special_conditions,
        standing=replace(
            standing,
            license_active=None if until is None else at.astimezone(UTC).date() <= until,
            services_until=found.services_until,
            updates_until=found.updates_until,
        ),
    )


def _license(command: Create, account: Account) -> LicenseRecorded | None:
    product, edition = named(command.product, command.edition)

    def likeness(license_: LicenseRecorded) -> tuple[bool, bool]:
        own = named(license_.product, license_.edition)[1]
        return (
            edition != "" and plain(own) == plain(edition),
            command.service_level is not None and license_.service_level == command.service_level,
        )

    of_product = [
        license_
        for license_ in reversed([*account.licenses.values()])
        if named(license_.product, license_.edition)[0] == product
    ]
    return max(of_product, key=likeness, default=None)
