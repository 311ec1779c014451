"""Opening a ticket: the command, and what is known of who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from docket_events.opening import AgreedTarget
from docket_events.ticket import Channel, ContentRef, Priority


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of whoever opens a ticket; None is what was not looked up.

    `restricted_until` is exclusive. `license_until`, `services_until` and `updates_until` are the
    last paid days. `grounds` are those on which a partner may ask (I-1.4). `registered` is who has
    a license on record, `releases` are those of the product, as the ask `eligibility` takes them;
    `facts` are further fields of that ask.
    """

    who: Literal["user", "partner", "sublicensee", "outsider"] = "user"
    sender_is_contact: bool = False
    restricted_until: datetime | None = None
    license_active: bool | None = None
    license_until: date | None = None
    registered: bool = False
    releases: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    services_until: date | None = None
    updates_until: date | None = None
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """`priority` counts where the terms let the user set it, `requested_priority` elsewhere.

    `direct` says that the license was bought from the provider, `certificate` that support rests on
    one (C-26); `special_conditions` are agreed in writing (R-2.3, I-1.3). `plan` is that of the
    license (H-plan). `said_os` and `said_environment` are what those references lead to: it is
    judged once and not kept (M-sup-os, I-3.7-a). What is down is told by `component` and `scope`,
    and by those words of the subject that terms know (H-policy-4): the subject is a reference.
    """

    number: str
    account_id: str
    requester_id: str
    channel: Channel
    product: str
    product_version: str | None = None
    edition: str | None = None
    environment: ContentRef | None = None
    kind: str | None = None
    priority: Priority | None = None
    requested_priority: Priority | None = None
    justification: ContentRef | None = None
    service_level: str | None = None
    direct: bool = True
    certificate: bool = False
    special_conditions: Mapping[Priority, AgreedTarget] | None = None
    subject: ContentRef | None = None
    description: ContentRef | None = None
    contact: ContentRef | None = None
    several_issues: bool = False
    os: ContentRef | None = None
    said_os: str | None = None
    said_environment: str | None = None
    plan: str | None = None
    component: str | None = None
    scope: str | None = None
    subject_words: tuple[str, ...] = ()
    configuration_changed_by: Literal["provider", "user", "others"] | None = None
    attachments: tuple[ContentRef, ...] = ()
    standing: Standing = field(default_factory=Standing)
