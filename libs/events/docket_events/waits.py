"""What the provider waits for, and the end of each wait (R-6.8-b, R-6.8-c, R-6.8-d)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from docket_events.written import Written


@dataclass(frozen=True, slots=True)
class ThirdPartyWaitStarted:
    id: str
    party: Written | None = None


@dataclass(frozen=True, slots=True)
class ThirdPartyResponseReceived:
    id: str
    party: Written | None = None


@dataclass(frozen=True, slots=True)
class CauseUnknownDeclared:
    reason: Literal["cause_not_established", "solution_did_not_work"] = "cause_not_established"


@dataclass(frozen=True, slots=True)
class CauseEstablished:
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class OperationScheduled:
    agreed_for: datetime


@dataclass(frozen=True, slots=True)
class OperationCancelled:
    reason: Written | None = None


ProviderWaitEvent = (
    ThirdPartyWaitStarted
    | ThirdPartyResponseReceived
    | CauseUnknownDeclared
    | CauseEstablished
    | OperationScheduled
    | OperationCancelled
)
