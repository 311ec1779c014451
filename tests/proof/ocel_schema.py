"""What OCEL 2.0 asks of its JSON form, as a JSON Schema."""

from typing import Any


def listed(**fields: Any) -> dict[str, Any]:
    """Return the schema of a list of objects that need all of these fields."""
    item = {"type": "object", "properties": fields, "required": [*fields]}
    return {"type": "array", "items": item}


TEXT, INSTANT = {"type": "string"}, {"type": "string", "format": "date-time"}
KIND = {"enum": ["string", "time", "integer", "float", "boolean"]}
TYPES = listed(name=TEXT, attributes=listed(name=TEXT, type=KIND))
RELATED = listed(objectId=TEXT, qualifier=TEXT)
OCEL = {
    "type": "object",
    "properties": {
        "objectTypes": TYPES,
        "eventTypes": TYPES,
        "events": listed(
            id=TEXT,
            type=TEXT,
            time=INSTANT,
            attributes=listed(name=TEXT, value=TEXT),
            relationships=RELATED,
        ),
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": TEXT,
                    "type": TEXT,
                    "attributes": listed(name=TEXT, value=TEXT, time=INSTANT),
                    "relationships": RELATED,
                },
                "required": ["id", "type"],
            },
        },
    },
    "required": ["objectTypes", "eventTypes", "events", "objects"],
    "additionalProperties": False,
}
