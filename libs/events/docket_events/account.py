"""What is known of an account: events in a stream of its own, beside those of its tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from docket_events.access import AccessRestored, AccessRestricted
from docket_events.ticket import AgreedTarget, Priority


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


AccountEvent = AccessRestricted | AccessRestored | LicenseRecorded
