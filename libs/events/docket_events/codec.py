"""Events to bytes and back: canonical JSON (RFC 8785) out, any schema version ever written in.

The bytes are stored as written and hashed as stored; nothing re-serialises them. Fields that are
None or empty are left out. Readers ignore fields they do not know. A stored shape that changed is
brought up to date by an upcaster named for the version it comes from.

Version 1 of many types had a person's words inside, where version 2 has a reference (decision
0033): what `to_data` returns never has them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from docket_events.opening import KNOWN_ENVIRONMENTS
from docket_events.recorded import Event
from docket_events.written import InlineText

EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.__name__: kind for union in get_args(Event) for kind in (get_args(union) or (union,))
}

ONCE_INSIDE: Mapping[str, tuple[str, ...]] = {
    name: once_inside
    for name, kind in EVENT_TYPES.items()
    if (
        once_inside := tuple(
            field for field, hint in get_type_hints(kind).items() if InlineText in get_args(hint)
        )
    )
}
"""The fields by type that had a text inside in version 1 and have a reference now."""

SCHEMA_VERSION: Mapping[str, int] = dict.fromkeys(ONCE_INSIDE, 2)
"""Current schema version of each type that is no longer at 1."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


def _as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    return data


def _with_environment_kind(data: dict[str, Any]) -> dict[str, Any]:
    """Tell the rules of an environment what its text told them before (I-3.7-a)."""
    kind = KNOWN_ENVIRONMENTS.get(data.get("environment", ""))
    return data if kind is None else {**data, "environment_kind": kind}


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    **{(name, 1): _as_it_is for name in ONCE_INSIDE},
    ("TicketCreated", 1): _with_environment_kind,
}
"""From a stored (type, version) to the data of the next version."""

_encoder = msgspec.json.Encoder(order="sorted")
_decode_json = msgspec.json.Decoder().decode
_as_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_current = {
    name: msgspec.json.Decoder(kind).decode
    for name, kind in EVENT_TYPES.items()
    if not any(f.name.endswith("_") for f in fields(kind))
}


class UnknownEventType(ValueError):
    """A stored event has a type or schema version that this code does not know."""


@cache
def _shape(type_name: str) -> tuple[tuple[str, str, bool], ...]:
    """Return each field's name, its name on the wire, and whether the event must have it."""
    named = fields(EVENT_TYPES[type_name])
    return tuple((f.name, f.name.removesuffix("_"), f.default is MISSING) for f in named)


def type_of(event: Event) -> str:
    """Return the wire name of an event."""
    return type(event).__name__


def schema_version_of(event: Event) -> int:
    """Return the schema version that `encode` writes for this event."""
    return SCHEMA_VERSION.get(type_of(event), 1)


def to_data(event: Event) -> dict[str, Any]:
    """Return the event's data by wire name, without fields that are None, False or empty.

    A list that the event must have stays where it is empty. A text that is inside is left out:
    `texts_inside` has it.
    """
    data = {}
    type_name = type_of(event)
    inside = ONCE_INSIDE.get(type_name, ())
    for name, wire, required in _shape(type_name):
        value = getattr(event, name)
        if value is None or value is False or (name in inside and isinstance(value, str)):
            continue
        if not isinstance(value, (tuple, dict)):
            data[wire] = value
        elif value or required:
            data[wire] = _bare(value)
    return data


def _bare(value: Any) -> Any:
    """Return a tuple or an object without its elements or fields that are None."""
    match value:
        case tuple():
            return tuple(_bare(each) for each in value)
        case dict():
            return {key: _bare(each) for key, each in value.items()}
        case _ if is_dataclass(value):
            told = {field.name: getattr(value, field.name) for field in fields(value)}
            return {name: each for name, each in told.items() if each is not None}
        case _:
            return value


def texts_inside(event: Event) -> Mapping[str, str]:
    """Return the texts that an event of before has inside, by field; mostly nothing."""
    names = ONCE_INSIDE.get(type_of(event), ())
    return {name: text for name in names if isinstance(text := getattr(event, name), str)}


def encode(event: Event) -> bytes:
    """Return the event's data as canonical JSON (RFC 8785).

    Raise ValueError for an event with a text inside: what is written refers to it.
    """
    if texts_inside(event):
        raise ValueError(f"{type_of(event)} refers to its texts, it has none inside")
    return _encoder.encode(to_data(event))


def leaving(type_name: str, schema_version: int, body: bytes) -> bytes:
    """Return the stored data of an event as it leaves the log: without texts inside.

    Only version 1 had any; one that its type must have is empty. All else is the stored bytes.
    """
    inside = ONCE_INSIDE.get(type_name)
    if inside is None or schema_version != 1:
        return body
    try:
        data = _decode_json(body)
    except ValueError:  # what is no JSON cannot be told from a text
        return b"{}"
    needed = {wire for _, wire, required in _shape(type_name) if required}
    bare = {
        name: "" if name in inside and isinstance(value, str) else value
        for name, value in data.items()
        if name not in inside or name in needed or not isinstance(value, str)
    }
    return _encoder.encode(bare)


def from_data(type_name: str, data: Mapping[str, Any], schema_version: int | None = None) -> Event:
    """Build the event of a type from its data; raise UnknownEventType or ValueError."""
    kind = EVENT_TYPES.get(type_name)
    if kind is None:
        raise UnknownEventType(f"unknown event type {type_name!r}")
    current = SCHEMA_VERSION.get(type_name, 1)
    if schema_version is None:
        schema_version = current
    if not 1 <= schema_version <= current:
        raise UnknownEventType(
            f"{type_name} has schema version {schema_version}, we know {current}"
        )
    stored = dict(data)
    for version in range(schema_version, current):
        stored = UPCASTERS[type_name, version](stored)
    named = {name: stored[wire] for name, wire, _ in _shape(type_name) if wire in stored}
    return msgspec.convert(named, type=kind)


def decode(type_name: str, schema_version: int, body: bytes) -> Event:
    """Read a stored event back; raise UnknownEventType or ValueError."""
    as_current = schema_version == SCHEMA_VERSION.get(type_name, 1) or (
        UPCASTERS.get((type_name, schema_version)) is _as_it_is
    )
    if as_current and type_name in _decode_current:
        return _decode_current[type_name](body)
    return from_data(type_name, _decode_json(body), schema_version)


def json_object(body: bytes) -> bytes | None:
    """Return a stored body as it is, None if it is no JSON object in UTF-8.

    The log refuses such a body; one that got in before, or past its function, holds up nobody.
    """
    try:
        body.decode()
        _as_object(body)
    except ValueError:
        return None
    return body


def routing_key(type_name: str) -> str:
    """Return the bus routing key: `ticket.` and the kebab-case type."""
    return "ticket." + kebab(type_name)


def cloud_type(type_name: str, schema_version: int) -> str:
    """Return the `type` of the CloudEvent that carries such an event."""
    return f"docket.ticket.{kebab(type_name)}.v{schema_version}"


@cache
def kebab(type_name: str) -> str:
    """Return a CamelCase name in kebab-case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type_name).lower()
