"""Bodies about an account: who may use support, who writes, which licenses (C-52, C-69, C-26)."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from docket_events.account import ContactRecorded, LicenseRecorded, Relation
from docket_events.codec import kebab
from docket_events.opening import AgreedTarget
from docket_events.ticket import Priority
from docket_lifecycle.commands import account
from docket_lifecycle.commands.account import AccountCommand
from docket_policies.terms.calendar_files import calendar_names
from ticket_api.accounts.account_body import AccountBody
from ticket_api.accounts.restriction_bodies import EraseReasonsBody, RestoreBody, RestrictBody
from ticket_api.commands.bodies.contact import Email
from ticket_api.commands.bodies.product_names import Edition, LicensedProduct
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import (
    BOTH_READ,
    FOR_EVER,
    Body,
    Code,
    Id,
    Level,
    Person,
    Reference,
)


def _calendar(name: str) -> str:
    if name not in calendar_names():
        raise ValueError(f"is none of {', '.join(calendar_names())}")
    return name


CalendarName = Annotated[
    str, AfterValidator(_calendar), Field(json_schema_extra={"enum": [*calendar_names()]})
]


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is no time zone of the IANA database")
    return name


TimeZone = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_time_zone),
    Field(description=f"by its IANA name, such as Europe/Moscow; {FOR_EVER}"),
]


class TargetBody(Body):
    """A response time agreed apart: hours of a calendar, or of the one of the terms (R-2.3)."""

    hours: float = Field(ge=0.25, le=10_000)
    calendar: CalendarName | None = None
    team_hours: bool | None = Field(
        None, description="whether the hours of a team that has the ticket count nevertheless"
    )

    def target(self) -> AgreedTarget:
        """Return the target as events have it; JSON has one way to write a whole number."""
        hours = int(self.hours) if self.hours.is_integer() else self.hours
        return AgreedTarget(hours, self.calendar, self.team_hours)


class RecordLicenseBody(AccountBody):
    """Record a license of the account as it is from now on; tickets opened later rest on it (C-26).

    The `..._until` are last days, each to its end in UTC (C-50). Special conditions name the
    agreement they stand in (R-2.3, I-1.3) and hold for tickets opened from now on.
    """

    example: ClassVar[dict[str, Any]] = {
        "license": "L-1042",
        "product": "VMmanager 6",
        "edition": "Infrastructure",
        "service_level": "Privilege",
        "services_until": "2099-06-30",
        "special_conditions": {"Emergency": {"hours": 2, "calendar": "ALWAYS"}},
        "agreement": "A-2026-07",
    }

    license: Id = Field(
        description=f"its name: recorded again, it replaces what was known of it; {FOR_EVER}"
    )
    product: LicensedProduct
    edition: Edition | None = None
    service_level: Level | None = None
    direct: bool = Field(True, description="bought from the provider (R-0.2)")
    certificate: bool = Field(False, description="support rests on a certificate (R-0.2, I-1.2)")
    license_until: date | None = None
    services_until: date | None = None
    updates_until: date | None = None
    special_conditions: dict[Priority, TargetBody] | None = None
    agreement: Reference | None = Field(
        None, description=f"where the special conditions are agreed; {FOR_EVER}"
    )
    plan: Code | None = Field(
        None, description=f"the support plan that goes with it (H-plan); {FOR_EVER}"
    )

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        agreed = self.special_conditions or {}
        return account.RecordLicense(
            LicenseRecorded(
                account_id=account_id,
                license=self.license,
                product=self.product,
                edition=self.edition,
                service_level=self.service_level,
                resold=not self.direct,
                certificate=self.certificate,
                license_until=self.license_until,
                services_until=self.services_until,
                updates_until=self.updates_until,
                special_conditions={
                    priority: agreed_on.target() for priority, agreed_on in agreed.items()
                }
                or None,
                agreement=self.agreement,
                plan=self.plan,
            )
        )


class RecordContactBody(AccountBody):
    """Record a person who writes for the account, as it is from now on (R-4.2-c, R-3.3, I-1.4).

    Where an account has such people, a service may write for no others. Mail tickets are taken from
    their addresses. The address is kept in the erasable store, never in an event; one that is
    replaced is erased.
    """

    example: ClassVar[dict[str, Any]] = {"contact": "ann", "email": "ann@acme.example"}

    contact: Person
    email: Email | None = Field(None, description=BOTH_READ)
    relation: Relation = "user"
    grounds: tuple[Code, ...] = Field(
        (), max_length=10, description="those on which a partner may ask (I-1.4)"
    )

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        address = drafts.text_if_any("contact_address", self.email)
        told = ContactRecorded(account_id, self.contact, self.relation, self.grounds, address)
        return account.RecordContact(told)


class RecordLanguageBody(AccountBody):
    """Say in which language the account is written to, and whose times letters show beside UTC.

    It holds for the notices that are sent from now on (C-51).
    """

    example: ClassVar[dict[str, Any]] = {"language": "ru", "time_zone": "Europe/Moscow"}

    language: Literal["en", "ru"]
    time_zone: TimeZone | None = None

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        return account.RecordLanguage(self.language, self.time_zone)


class WithdrawContactBody(AccountBody):
    """Say that somebody no longer writes for the account; the address is erased (R-4.2-c)."""

    example: ClassVar[dict[str, Any]] = {"contact": "ann"}

    contact: Person

    def command(self, account_id: str, drafts: Drafts) -> AccountCommand:
        return account.WithdrawContact(self.contact)


ACCOUNT_BODIES: dict[str, type[AccountBody]] = {
    kebab(body.__name__.removesuffix("Body")): body
    for body in (
        RestrictBody,
        RestoreBody,
        RecordLicenseBody,
        RecordContactBody,
        RecordLanguageBody,
        WithdrawContactBody,
        EraseReasonsBody,
    )
}
"""The body of each verb on an account."""

PATHS = {"record-contact": "contacts", "record-language": "language"}
"""Where a verb has another path than its name."""
