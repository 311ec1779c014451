"""What is known of an account: events in a stream of its own, beside those of its tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from docket_events.access import AccessRestored, AccessRestricted
from docket_events.opening import AgreedTarget
from docket_events.ticket import ContentRef, Priority

Relation = Literal["user", "partner", "sublicensee"]
"""What a person is to the license of the account (R-3.3, I-1.4)."""


@dataclass(frozen=True, slots=True)
class LicenseRecorded:
    """A license of the account as it is from now on, whatever was recorded of it before.

    `license` is its name. `resold` says that it was not bought from the provider, `certificate`
    that support rests on one (R-0.2). The `..._until` are last days, each to its end in UTC (C-50).
    The special conditions are those of the `agreement` (R-2.3, I-1.3). `plan` is the support plan
    that goes with it (H-plan).
    """

    account_id: str
    license: str
    product: str
    edition: str | None = None
    service_level: str | None = None
    resold: bool = False
    certificate: bool = False
    license_until: date | None = None
    services_until: date | None = None
    updates_until: date | None = None
    special_conditions: Mapping[Priority, AgreedTarget] | None = None
    agreement: str | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class ContactRecorded:
    """A person who writes for the account, as it is from now on (R-3.3, R-4.2-c, I-1.4).

    `contact` is the name that tokens and tickets give the person, never an address: the `address`
    is beside the log. `grounds` are those on which a partner may ask.
    """

    account_id: str
    contact: str
    relation: Relation = "user"
    grounds: tuple[str, ...] = ()
    address: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class ContactWithdrawn:
    account_id: str
    contact: str


@dataclass(frozen=True, slots=True)
class LanguageRecorded:
    """How people of the account are written to: the language (BCP 47) and zone of their letters."""

    account_id: str
    language: str
    time_zone: str | None = None


AccountEvent = (
    AccessRestricted
    | AccessRestored
    | LicenseRecorded
    | ContactRecorded
    | ContactWithdrawn
    | LanguageRecorded
)
