"""Docket's own format: one line of JSON for each thing that happened to a case.

    {"case": "INC0000045", "occurred_at": "2016-02-29T01:16:00Z", "type": "Responded", "data": {}}

The lines may stand in any order. `agent` names who of the desk did it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec

from docket_import.fault import BadLine, Fault
from docket_import.fields import line_of
from docket_import.helpdesk import HAPPENINGS, Happening, HelpdeskLine, Instant, Name
from docket_import.reading import Record

RIGHT = '{"case": ..., "occurred_at": ..., "type": ..., "data": {...}}'


class _Envelope(msgspec.Struct, frozen=True):
    case: Name
    occurred_at: Instant
    type: str
    data: msgspec.Raw
    agent: Name | None = None


_envelope = msgspec.json.Decoder(_Envelope)
_case = msgspec.json.Decoder(msgspec.defstruct("_Case", [("case", Name)]))
_data = {name: msgspec.json.Decoder(kind) for name, kind in HAPPENINGS.items()}


class JsonLines:
    """Reads lines of JSON."""

    unit = "line"

    def records(self, file: Iterable[bytes]) -> Iterator[Record | Fault]:
        """Yield each line with its case, a fault where no case can be told."""
        for number, text in enumerate(file, 1):
            if text.isspace():
                continue
            try:
                case = _case.decode(text).case  # type: ignore[attr-defined]  # made by defstruct
            except (msgspec.MsgspecError, UnicodeDecodeError):
                yield from _without_case(number, text)
            else:
                yield Record(number, case, text, text)

    def lines(self, record: Record) -> Sequence[HelpdeskLine]:
        """Return what a line says; raise BadLine."""
        return (read_line(record.number, record.content),)


def read_line(number: int, text: bytes) -> HelpdeskLine:
    """Return a line read in full; raise BadLine with all that is wrong with it."""
    try:
        said = _envelope.decode(text)
        what = cast(Happening, _data[said.type].decode(said.data))
        return HelpdeskLine(number, said.case, said.occurred_at, what, said.agent)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError):
        return line_of(_object(number, text), number)


def _without_case(number: int, text: bytes) -> Iterator[Fault]:
    try:
        line_of(_object(number, text), number)
    except BadLine as bad:
        yield from bad.faults


def _object(number: int, text: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        detail = str(error)
        raise BadLine([Fault(number, "the whole line", detail, right=RIGHT)]) from error
    if not isinstance(told, dict):
        raise BadLine([Fault(number, "the whole line", "is no object", right=RIGHT)])
    return told
