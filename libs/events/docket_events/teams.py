"""Work by others than the support desk: developers, the product's teams."""

from dataclasses import dataclass
from typing import Literal

from docket_events.written import ContentRef, Written

TaskKind = Literal["proposal", "alternative_configuration", "error", "undocumented"]


@dataclass(frozen=True, slots=True)
class DeveloperConsultationStarted:
    """The product's code or its developers are needed: their hours count from here (I-3.1-c)."""

    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class DeveloperConsultationEnded:
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class ForwardedToRelevantTeam:
    """The ticket is worked on without a response time from here (I-3.4)."""

    kind: TaskKind | None = None
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class ReturnedFromRelevantTeam:
    """The ticket is back with the desk: a new turn begins (C-34)."""

    kind: TaskKind | None = None
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class TeamUpdateReceived:
    """The team has news for the user; it moves no clock (I-3.4)."""

    kind: TaskKind | None = None
    content: ContentRef | None = None


TeamEvent = (
    DeveloperConsultationStarted
    | DeveloperConsultationEnded
    | ForwardedToRelevantTeam
    | ReturnedFromRelevantTeam
    | TeamUpdateReceived
)
