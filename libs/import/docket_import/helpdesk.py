"""What happened to a case of another helpdesk, whatever file tells it.

Names and codes become ids of ours; texts and addresses become contents beside the log, which can be
erased. Fields that are not named here are not used and not checked.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

from docket_events.characters import CONTROLS, DIRECTIONS, LINES

Channel = Literal["Phone", "IVR", "Email", "Self service", "Direct opening"]
Priority = Literal["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Name = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=100, pattern=f"^[^{CONTROLS}{LINES}{DIRECTIONS}]+$"),
]
Text = Annotated[str, msgspec.Meta(max_length=20_000, pattern=r"^[^\x00]*$")]
Address = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]


class TicketCreated(msgspec.Struct, frozen=True):
    """The case was opened; who asked, where and about what are codes, and may be missing."""

    channel: Channel
    priority: Priority
    category: Name | None = None
    caller_id: Name | None = None
    location: Name | None = None
    subject: Text | None = None
    description: Text | None = None
    email: Address | None = None
    name: Name | None = None


class PriorityChanged(msgspec.Struct, frozen=True):
    to: Priority


class Responded(msgspec.Struct, frozen=True):
    text: Text | None = None


class Commented(msgspec.Struct, frozen=True):
    """The user wrote a message."""

    text: Text | None = None


class Noted(msgspec.Struct, frozen=True):
    """The desk wrote a note that the user never sees."""

    text: Text | None = None


class InformationRequested(msgspec.Struct, frozen=True):
    text: Text | None = None


class InformationProvided(msgspec.Struct, frozen=True):
    text: Text | None = None


class ThirdPartyAwaited(msgspec.Struct, frozen=True):
    vendor: Name | None = None


class ThirdPartyResponded(msgspec.Struct, frozen=True):
    pass


class EscalatedToProductTeam(msgspec.Struct, frozen=True):
    pass


class ReturnedFromProductTeam(msgspec.Struct, frozen=True):
    pass


class Suspended(msgspec.Struct, frozen=True):
    pass


class Resumed(msgspec.Struct, frozen=True):
    pass


class Closed(msgspec.Struct, frozen=True):
    """A solution was given (`resolved`), or the case went straight to its end (`closed`).

    `finalized_at` is when the helpdesk ended a resolved case for good.
    """

    stage: Literal["resolved", "closed"] = "resolved"
    finalized_at: Instant | None = None
    text: Text | None = None


class Finalized(msgspec.Struct, frozen=True):
    """A case that was closed is ended for good."""


class Objected(msgspec.Struct, frozen=True):
    """The user did not accept the solution; the line that reopens the case follows."""


class Reopened(msgspec.Struct, frozen=True):
    text: Text | None = None


Happening = (
    TicketCreated
    | PriorityChanged
    | Responded
    | Commented
    | Noted
    | InformationRequested
    | InformationProvided
    | ThirdPartyAwaited
    | ThirdPartyResponded
    | EscalatedToProductTeam
    | ReturnedFromProductTeam
    | Suspended
    | Resumed
    | Closed
    | Finalized
    | Objected
    | Reopened
)
HAPPENINGS: dict[str, type[msgspec.Struct]] = {kind.__name__: kind for kind in get_args(Happening)}
"""Every type of a line by its name."""

BY_USER = (
    TicketCreated,
    Commented,
    InformationProvided,
    Suspended,
    Resumed,
    Objected,
    Reopened,
)
"""What the user does, who may still be told by somebody of the desk."""


@dataclass(frozen=True, slots=True)
class HelpdeskLine:
    """One thing that happened; `number` is its line in the file, `agent` who of the desk did it.

    `field` is the one that says when. What `opens_if_first` counts where nothing came before it.
    """

    number: int
    case: str
    occurred_at: datetime
    what: Happening
    agent: str | None = None
    field: str = "occurred_at"
    opens_if_first: bool = False
