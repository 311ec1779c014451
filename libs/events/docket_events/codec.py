"""Events to bytes and back: canonical JSON (RFC 8785) out, any schema version ever written in.

The bytes are stored as written and hashed as stored; nothing re-serialises them. Fields that are
None or empty are left out. Readers ignore fields they do not know. A stored shape that changed is
brought up to date by an upcaster named for the version it comes from.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, get_args

import msgspec

from docket_events.recorded import Event

SCHEMA_VERSION: Mapping[str, int] = {}
"""Current schema version of each type that is no longer at 1."""

UPCASTERS: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a stored (type, version) to the data of the next version."""

EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.__name__: kind for union in get_args(Event) for kind in (get_args(union) or (union,))
}

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

    A list that the event must have stays where it is empty.
    """
    data = {}
    for name, wire, required in _shape(type_of(event)):
        value = getattr(event, name)
        if value is None or value is False:
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


def encode(event: Event) -> bytes:
    """Return the event's data as canonical JSON (RFC 8785)."""
    return _encoder.encode(to_data(event))


def from_data(type_name: str, data: Mapping[str, Any], schema_version: int | None = None) -> Event:
    """Build the event of a type from its data; raise UnknownEventType or ValueError."""
    kind = EVENT_TYPES.get(type_name)
    if kind is None:
        raise UnknownEventType(f"unknown event type {type_name!r}")
    current = SCHEMA_VERSION.get(type_name, 1)
    stored = dict(data)
    for version in range(schema_version or current, current):
        stored = UPCASTERS[type_name, version](stored)
    if schema_version is not None and schema_version > current:
        raise UnknownEventType(
            f"{type_name} has schema version {schema_version}, we know {current}"
        )
    named = {name: stored[wire] for name, wire, _ in _shape(type_name) if wire in stored}
    return msgspec.convert(named, type=kind)


def decode(type_name: str, schema_version: int, body: bytes) -> Event:
    """Read a stored event back; raise UnknownEventType or ValueError."""
    if schema_version == SCHEMA_VERSION.get(type_name, 1) and type_name in _decode_current:
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
