"""A sample of a schema, for answers without an example: a fitting value for every field."""

from collections.abc import Mapping
from typing import Any

BY_FORMAT = {
    "date-time": "2026-06-08T12:00:00Z",
    "date": "2026-06-08",
    "uuid": "01978a6e-6c00-7000-8def-0123456789ab",
    "binary": "...",
}
BY_NAME = {
    "account_id": "acme",
    "clause": "R-6.8-b",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "number": "DKT-1001",
    "pack": "regulations",
    "priority": "High",
    "product": "VMmanager 6",
    "revision": "R-2025-03-27",
    "type": "ResponseSent",
}
DEEPEST = 5


def sample(
    schema: Mapping[str, Any], shapes: Mapping[str, Any], name: str = "", depth: int = 0
) -> Any:
    """Return a value that fits a schema; `shapes` are what `#/components/schemas/` refers to."""
    if "$ref" in schema:
        schema = shapes[schema["$ref"].rpartition("/")[2]]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return sample(schema[several][0], shapes, name, depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {key: sample(each, shapes, key, depth + 1) for key, each in fields.items()}
        case "array":
            places = schema.get("prefixItems", [schema["items"]] if "items" in schema else [])
            return [sample(each, shapes, name, depth + 1) for each in places if depth < DEEPEST]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "string":
            return BY_FORMAT.get(schema.get("format", ""), BY_NAME.get(name, "..."))
        case _:
            return None
