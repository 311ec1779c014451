"""Reading fields one by one, so that all that is wrong with a line is said at once."""

from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from typing import Annotated, Any, Literal, cast, get_args, get_origin

import msgspec

from docket_import.fault import BadLine, Fault
from docket_import.helpdesk import HAPPENINGS, Happening, HelpdeskLine, Instant, Name

_MOST_SHOWN = 60


def line_of(told: Mapping[str, Any], number: int) -> HelpdeskLine:
    """Return what a line says; raise BadLine with everything that is wrong with it.

    `told` has `case`, `occurred_at`, `type`, `data`, and perhaps `agent`.
    """
    faults: list[Fault] = []
    case = case_in(told)

    def read(fields: Mapping[str, Any], name: str, kind: Any, within: str = "") -> Any:
        field = f"{within}.{name}" if within else name
        if fields.get(name) is None and NoneType not in get_args(kind):
            faults.append(Fault(number, field, "is missing", None, _right(kind), case))
            return None
        try:
            return msgspec.convert(fields.get(name), kind)
        except msgspec.ValidationError as error:
            value = fields[name]
            detail = _detail(value, error)
            faults.append(Fault(number, field, detail, _shown(value), _right(kind), case))
            return None

    known_case = read(told, "case", Name)
    occurred_at = read(told, "occurred_at", Instant)
    agent = read(told, "agent", Name | None)
    type_ = read(told, "type", Literal[tuple(HAPPENINGS)])
    data = told.get("data", {})
    what: Any = None
    if not isinstance(data, dict):
        faults.append(Fault(number, "data", "is no object", _shown(data), "{}", case))
    elif type_ is not None:
        kind = HAPPENINGS[type_]
        values = {
            field.encode_name: read(data, field.encode_name, field.type, "data")
            for field in msgspec.structs.fields(kind)
            if field.required or data.get(field.encode_name) is not None
        }
        if not faults:
            what = kind(**values)
    if faults:
        raise BadLine(faults)
    return HelpdeskLine(number, known_case, occurred_at, cast(Happening, what), agent)


def case_in(told: Mapping[str, Any]) -> str | None:
    """Return the case that a line names, None where it names none that is right."""
    try:
        return msgspec.convert(told.get("case"), Name)
    except msgspec.ValidationError:
        return None


def _detail(value: Any, error: msgspec.ValidationError) -> str:
    said = str(error).partition(" - at `$")[0]
    if said.startswith("Invalid enum value"):
        return f"{_shown(value)} is unknown"
    return f"{_shown(value)}: {said[0].lower()}{said[1:]}"


def _shown(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= _MOST_SHOWN else f"{told[: _MOST_SHOWN - 1]}…"


def _right(kind: Any) -> str:
    if NoneType in get_args(kind):
        kind = next(each for each in get_args(kind) if each is not NoneType)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if get_origin(kind) is Annotated:
        of, rule = get_args(kind)[:2]
        if of is datetime:
            return "an instant with its zone, as 2026-06-11T12:00:00Z"
        return f"text of {rule.min_length or 0} to {rule.max_length:,} characters, no controls"
    return str(kind)
