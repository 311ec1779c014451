"""JSON Schemas (2020-12) of the events' data, made from the event types themselves.

They say what a producer writes. Readers ignore fields they do not know, so the schemas are open: a
field that is added later does not make an old schema refuse a new event. The schema of a version
that is written no more stays, for those who keep events of before (decision 0033).
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import msgspec

from docket_events.codec import EVENT_TYPES, ONCE_INSIDE, SCHEMA_VERSION
from docket_events.recorded import Event

CONTRACT_VERSION = "0.1.0"
"""That of the newest release: what `docs/openapi.json` and `docs/asyncapi.json` call themselves. It
changes with a release; the version of the package goes ahead of it in between."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(type_name: str, schema_version: int) -> Mapping[str, Any] | None:
    """Return the JSON Schema of the data of a type at a version, None where there is none."""
    kind = EVENT_TYPES.get(type_name)
    if kind is None or not 1 <= schema_version <= SCHEMA_VERSION.get(type_name, 1):
        return None
    return _schema(kind, schema_version)


def all_schemas() -> Mapping[tuple[str, int], Mapping[str, Any]]:
    """Return the schema of every type at every version, the current one first."""
    return {
        (name, version): _schema(kind, version)
        for name, kind in EVENT_TYPES.items()
        for version in range(SCHEMA_VERSION.get(name, 1), 0, -1)
    }


def _schema(kind: type[Event], version: int) -> Mapping[str, Any]:
    _, shapes = msgspec.json.schema_components((kind,), ref_template="#/$defs/{name}")
    own, *others = (_as_written(shape) for shape in _first(shapes, kind.__name__))
    once_inside = ONCE_INSIDE.get(kind.__name__, ())
    wire = {field.name: field.name.removesuffix("_") for field in fields(kind)}
    schema = {
        "$schema": DIALECT,
        "$id": f"/schemas/{kind.__name__}/{version}",
        **own,
        "properties": {
            wire[field]: _of_version(version, told) if field in once_inside else told
            for field, told in own["properties"].items()
            if (kind.__name__, field, version) not in _NOT_YET
        },
        "required": [wire[field] for field in own["required"]],
    }
    told = msgspec.json.encode((schema, others))
    needed = [shape for shape in others if f'"#/$defs/{shape["title"]}"'.encode() in told]
    return {**schema, "$defs": {shape["title"]: shape for shape in needed}} if needed else schema


_NOT_YET = {("TicketCreated", "environment_kind", 1)}
"""The fields by type that a version did not have, where the one after it could not add them."""


def _of_version(version: int, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the shape of a text: a string was inside in version 1, a reference is there since."""
    wanted = "type" if version == 1 else "$ref"
    return next(each for each in told["anyOf"] if wanted in each)


def _first(shapes: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [shapes[name], *(shape for other, shape in shapes.items() if other != name)]


def _as_written(shape: dict[str, Any]) -> dict[str, Any]:
    """Return a shape without null and defaults: what has no value is left out."""
    properties = {}
    for name, told in shape["properties"].items():
        possible = [each for each in told.get("anyOf", ()) if each != {"type": "null"}]
        rest = {key: value for key, value in told.items() if key not in ("anyOf", "default")}
        several = {"anyOf": possible} if len(possible) > 1 else {}
        properties[name] = {**rest, **several, **(possible[0] if len(possible) == 1 else {})}
    made_up = shape.get("description", "").startswith(f"{shape['title']}(")
    kept = {key: value for key, value in shape.items() if not (made_up and key == "description")}
    return {**kept, "properties": properties}
