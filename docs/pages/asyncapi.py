"""The AsyncAPI 3 document of the bus: a message for each event type, from the types themselves."""

from collections.abc import Sequence
from typing import Any

import msgspec

from docket_events.codec import SCHEMA_VERSION, cloud_type, kebab, routing_key
from docket_events.schemas import CONTRACT_VERSION, all_schemas
from docket_runtime.bus.broker import EXCHANGE

DESCRIPTION = """Every event of the log, in the order of its partition, at least once.

Messages are CloudEvents 1.0 in the binary mode of the RabbitMQ binding: ids, instants and the order
stand in `ce-` headers, the body is the event's data. `ce-id` is the same for a message that comes
twice; `ce-sequence` is the version of the ticket. Bodies have ids and references to contents, never
what a person wrote. Messages of version 1 that were published before there was a version 2 had some
of it inside (decision 0033); version 1 is published without it now. Ignore fields and types that
you do not know."""

HEADERS = {
    "ce-specversion": {"type": "string", "const": "1.0"},
    "ce-id": {"type": "string", "format": "uuid", "description": "the event id"},
    "ce-type": {"type": "string"},
    "ce-source": {"type": "string", "pattern": "^/docket/partitions/[0-9]+$"},
    "ce-subject": {"type": "string", "format": "uuid", "description": "the stream: the ticket"},
    "ce-time": {"type": "string", "format": "date-time", "description": "when it happened"},
    "ce-sequence": {"type": "string", "pattern": "^[0-9]+$", "description": "version"},
    "ce-partitionkey": {"type": "string", "format": "uuid"},
    "ce-correlationid": {"type": "string", "format": "uuid"},
    "ce-traceparent": {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$"},
    "ce-causationid": {"type": "string", "format": "uuid"},
    "ce-actorkind": {"type": "string"},
}


def page() -> str:
    """Return the document as JSON."""
    raw = msgspec.json.encode(_document())
    return msgspec.json.format(raw, indent=1).decode() + "\n"


def _document() -> dict[str, Any]:
    schemas = all_schemas()
    names = [*dict.fromkeys(name for name, _ in schemas)]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Docket events",
            "version": CONTRACT_VERSION,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            kebab(name): _channel(name, [version for of, version in schemas if of == name])
            for name in names
        },
        "operations": {
            f"send-{kebab(name)}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{kebab(name)}"},
                "summary": f"{name} was written to the log",
            }
            for name in names
        },
        "components": {
            "messages": {_key(*each): _message(*each) for each in schemas},
            "messageTraits": {
                "cloudEvent": {
                    "headers": {
                        "type": "object",
                        "properties": HEADERS,
                        "required": sorted({*HEADERS} - {"ce-causationid"}),
                    },
                }
            },
            "schemas": {_key(*each): _within(_key(*each), told) for each, told in schemas.items()},
        },
    }


def _key(name: str, schema_version: int) -> str:
    """Return the name of a message: that of its type, with the version where it is of before."""
    current = schema_version == SCHEMA_VERSION.get(name, 1)
    return name if current else f"{name}V{schema_version}"


def _channel(name: str, versions: Sequence[int]) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": routing_key(name),
        "messages": {
            key: {"$ref": f"#/components/messages/{key}"}
            for key in (_key(name, version) for version in versions)
        },
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _message(name: str, schema_version: int) -> dict[str, Any]:
    return {
        "name": _key(name, schema_version),
        "title": _key(name, schema_version),
        "summary": f"`ce-type` is `{cloud_type(name, schema_version)}`",
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": {"$ref": f"#/components/schemas/{_key(name, schema_version)}"},
        "bindings": {"amqp": {"messageType": name, "bindingVersion": "0.3.0"}},
    }


def _within(name: str, schema: Any) -> Any:
    """Return a schema whose references hold inside the document."""
    text = msgspec.json.encode({key: told for key, told in schema.items() if key[0] != "$"})
    shapes = msgspec.json.encode(schema.get("$defs", {}))
    place = f"#/components/schemas/{name}/definitions/"
    told = msgspec.json.decode(text.replace(b"#/$defs/", place.encode()))
    inner = msgspec.json.decode(shapes.replace(b"#/$defs/", place.encode()))
    return {**told, "definitions": inner} if inner else told
