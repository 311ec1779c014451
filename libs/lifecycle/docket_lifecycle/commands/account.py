"""The commands about an account: who may use support, under which licenses, and who writes."""

from dataclasses import dataclass
from datetime import datetime

from docket_events.account import ContactRecorded, LicenseRecorded
from docket_events.written import ContentRef


@dataclass(frozen=True, slots=True)
class Restrict:
    """Restrict the account's use of support until an instant (exclusive), None for good (C-52)."""

    until: datetime | None = None
    reason: ContentRef | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class RecordLicense:
    license: LicenseRecorded


@dataclass(frozen=True, slots=True)
class RecordContact:
    contact: ContactRecorded


@dataclass(frozen=True, slots=True)
class WithdrawContact:
    contact: str


@dataclass(frozen=True, slots=True)
class RecordLanguage:
    """Write to the people of the account in a language (BCP 47), with times of a zone beside."""

    language: str
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class EraseReasons:
    """Erase why the account was restricted and restored; `clause` defaults to C-40."""

    why: str
    clause: str | None = None


AccountCommand = (
    Restrict
    | Restore
    | RecordLicense
    | RecordContact
    | WithdrawContact
    | RecordLanguage
    | EraseReasons
)
"""The commands on an account; no pack grants them, because its tickets may be under several."""
