"""The shapes of answers about accounts."""

from datetime import date, datetime

from pydantic import Field

from docket_events.account import Relation
from docket_events.ticket import Priority
from ticket_api.http.fields import Schema
from ticket_api.tickets.schemas import AgreedTargetState, Content


class RestrictionState(Schema):
    """Access to support is restricted until an instant, exclusive; null is for good (C-52)."""

    until: datetime | None
    reason: str | None
    clause: str | None


class LicenseState(Schema):
    """A license as it was recorded last; its `..._until` are last days, to their end (C-50)."""

    license: str
    product: str
    edition: str | None
    service_level: str | None
    direct: bool
    certificate: bool
    license_until: date | None
    services_until: date | None
    updates_until: date | None
    special_conditions: dict[Priority, AgreedTargetState] | None
    agreement: str | None
    plan: str | None


class AccountContactState(Schema):
    """A person who writes for the account: `relation` to its license, `grounds` of a partner."""

    contact: str
    relation: Relation
    grounds: list[str]
    address: Content | None


class LanguageState(Schema):
    """How the account is written to: the language, and whose times stand beside UTC."""

    language: str
    time_zone: str | None


class AccountState(Schema):
    """What is known of an account at a version, 0 where nothing is; the version is the ETag."""

    account_id: str
    version: int
    updated_at: datetime | None
    restriction: RestrictionState | None
    language: LanguageState | None
    licenses: list[LicenseState]
    contacts: list[AccountContactState]
    masked: bool = Field(False, description="addresses are not shown: say why in X-Reveal-Reason")
