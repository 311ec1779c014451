"""Who may reach what: the user's systems by remote connection, the support by account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from docket_events.written import Written

ConsentForm = Literal["written", "electronic"]
ConnectionMethod = Literal["documented", "alternative"]


@dataclass(frozen=True, slots=True)
class RemoteAccessConsentGiven:
    """The user lets the provider in; an `alternative` method was agreed apart (I-3.5, R-6.2-b)."""

    form: ConsentForm
    method: ConnectionMethod | None = None


@dataclass(frozen=True, slots=True)
class RemoteAccessConsentWithdrawn:
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class RemoteConnectionOpened:
    method: ConnectionMethod | None = None


@dataclass(frozen=True, slots=True)
class AccessRestricted:
    """The account may not use support until an instant (exclusive), None for ever (C-52)."""

    account_id: str
    until: datetime | None = None
    reason: Written | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class AccessRestored:
    account_id: str
    reason: Written | None = None


AccessEvent = (
    RemoteAccessConsentGiven
    | RemoteAccessConsentWithdrawn
    | RemoteConnectionOpened
    | AccessRestricted
    | AccessRestored
)
