"""The other helpdesk's log: one line of JSON for each thing that happened to one of its cases.

    {"case": "INC0000045", "occurred_at": "2016-02-29T01:16:00Z", "type": "Responded", "data": {}}

The lines of different cases may be mixed; the lines of one case stand in the order in which they
happened. Fields that are not named here are not used and not checked.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

Channel = Literal["Phone", "IVR", "Email", "Self service", "Direct opening"]
Priority = Literal["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TicketCreated(msgspec.Struct, frozen=True):
    """The case was opened; who asked, where and about what are codes, and may be missing."""

    channel: Channel
    priority: Priority
    category: Name | None = None
    caller_id: Name | None = None
    location: Name | None = None


class PriorityChanged(msgspec.Struct, frozen=True):
    to: Priority


class Responded(msgspec.Struct, frozen=True):
    pass


class InformationRequested(msgspec.Struct, frozen=True):
    pass


class InformationProvided(msgspec.Struct, frozen=True):
    pass


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


class Objected(msgspec.Struct, frozen=True):
    """The user did not accept the solution; the line that reopens the case follows."""


class Reopened(msgspec.Struct, frozen=True):
    pass


Happening = (
    TicketCreated
    | PriorityChanged
    | Responded
    | InformationRequested
    | InformationProvided
    | ThirdPartyAwaited
    | ThirdPartyResponded
    | EscalatedToProductTeam
    | ReturnedFromProductTeam
    | Suspended
    | Resumed
    | Closed
    | Objected
    | Reopened
)


@dataclass(frozen=True, slots=True)
class HelpdeskLine:
    """One line of the file, counted from 1."""

    number: int
    case: str
    occurred_at: datetime
    what: Happening


@dataclass(frozen=True, slots=True)
class Case:
    """All that happened to one case, in the order of the file; `digest` is that of its lines."""

    id: str
    lines: tuple[HelpdeskLine, ...]
    digest: bytes


class BadLine(ValueError):
    """A line that cannot be taken over: its number, the field and what is wrong with it."""

    def __init__(self, number: int, field: str, detail: str) -> None:
        super().__init__(f"line {number}, {field}: {detail}")
        self.number = number
        self.field = field
        self.detail = detail


class _Envelope(msgspec.Struct, frozen=True):
    case: Name
    occurred_at: Instant
    type: str
    data: msgspec.Raw


_envelope = msgspec.json.Decoder(_Envelope)
_data = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Happening)}


def case_of(number: int, text: bytes) -> str:
    """Return the case of a line without reading the rest of it; raise BadLine."""
    return _read_envelope(number, text).case


def read_line(number: int, text: bytes) -> HelpdeskLine:
    """Return a line read in full; raise BadLine."""
    envelope = _read_envelope(number, text)
    decoder = _data.get(envelope.type)
    if decoder is None:
        known = ", ".join(_data)
        raise BadLine(number, "type", f"{envelope.type!r} is unknown; known: {known}")
    try:
        what = decoder.decode(envelope.data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _bad(number, "data", error) from error
    return HelpdeskLine(number, envelope.case, envelope.occurred_at, what)


def _read_envelope(number: int, text: bytes) -> _Envelope:
    try:
        return _envelope.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _bad(number, "", error) from error


def _bad(number: int, within: str, error: Exception) -> BadLine:
    detail, _, path = str(error).partition(" - at `$")
    field = (within + path.rstrip("`")).lstrip(".")
    return BadLine(number, field or "the whole line", detail)
