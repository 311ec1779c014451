"""The JSON Schemas of events: what is written fits its schema, and what is not so is refused."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from test_codec import events_of
from test_golden_files import EXAMPLES

from docket_events.codec import EVENT_TYPES, ONCE_INSIDE, SCHEMA_VERSION, encode
from docket_events.schemas import DIALECT, all_schemas, schema_of

CONTENT_REF = {
    "title": "ContentRef",
    "description": "Point at erasable content by id and by the salted SHA-256 (hex) of its bytes.",
    "type": "object",
    "properties": {"id": {"type": "string", "format": "uuid"}, "digest": {"type": "string"}},
    "required": ["id", "digest"],
}


def fits(type_name: str, data: Any) -> bool:
    version = SCHEMA_VERSION.get(type_name, 1)
    return Draft202012Validator(schema_of(type_name, version)).is_valid(data)


@pytest.mark.parametrize("type_name", EVENT_TYPES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_stored_fits_its_schema(type_name: str, data: st.DataObject) -> None:
    stored = msgspec.json.decode(encode(data.draw(events_of(EVENT_TYPES[type_name]))))

    assert fits(type_name, stored)
    assert fits(type_name, stored | {"a field of tomorrow": 1})


def test_a_schema_has_the_words_of_its_event_and_names_fields_as_the_wire_does() -> None:
    priority = {"enum": ["Emergency", "High", "Low", "Medium"]}
    assert schema_of("PriorityChanged", 2) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/schemas/PriorityChanged/2",
        "title": "PriorityChanged",
        "description": "`from_` is `from` on the wire; equal to `to` where only the criteria are"
        " others (C-66).",
        "type": "object",
        "properties": {
            "to": priority,
            "from": priority,
            "reason": {"$ref": "#/$defs/ContentRef"},
            "criteria": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["to"],
        "$defs": {"ContentRef": CONTENT_REF},
    }


def test_the_schema_of_a_version_that_is_written_no_more_stays() -> None:
    before, now = (schema_of("PriorityChanged", version) for version in (1, 2))
    assert before is not None
    assert now is not None
    assert before["properties"] == now["properties"] | {"reason": {"type": "string"}}
    assert before["$id"] == "/schemas/PriorityChanged/1"
    assert "$defs" not in before
    opened = schema_of("TicketCreated", 1)
    assert opened is not None
    assert "environment_kind" not in opened["properties"]


@pytest.mark.parametrize("type_name", ONCE_INSIDE)
def test_what_was_stored_once_fits_the_schema_of_its_version(type_name: str) -> None:
    stored = [each for each in EXAMPLES if (each.type, each.version) == (type_name, 1)]
    assert stored
    for each in stored:
        validator = Draft202012Validator(schema_of(type_name, 1))
        assert validator.is_valid(msgspec.json.decode(each.body)), each.name


def test_what_an_event_refers_to_is_defined_beside_it() -> None:
    reference = {"$ref": "#/$defs/ContentRef"}
    assert schema_of("InformationProvided", 1) == {
        "$schema": DIALECT,
        "$id": "/schemas/InformationProvided/1",
        "title": "InformationProvided",
        "type": "object",
        "properties": {
            "request": {"type": "string"},
            "upload_pending": {"type": "boolean"},
            "content": reference,
            "attachments": {"type": "array", "items": reference},
        },
        "required": ["request"],
        "$defs": {"ContentRef": CONTENT_REF},
    }


@pytest.mark.parametrize(
    "data",
    [
        {"from": "Low"},  # what a priority changes to is never left out
        {"to": "Urgent"},
        {"to": "High", "from": None},  # what has no value is left out, never null
        {"to": "High", "criteria": "one"},
        {"to": "High", "reason": "Ann called"},  # what a person wrote is beside the log
    ],
)
def test_what_no_producer_writes_does_not_fit(data: dict[str, Any]) -> None:
    assert fits("PriorityChanged", {"to": "High"})
    assert not fits("PriorityChanged", data)


@pytest.mark.parametrize(("hours", "fit"), [(4, True), (4.5, True), ("four", False), (None, False)])
def test_agreed_hours_are_a_whole_or_a_broken_number(hours: Any, fit: bool) -> None:
    target = schema_of("LicenseRecorded", 1)["$defs"]["AgreedTarget"]  # type: ignore[index]

    assert Draft202012Validator(target).is_valid({"hours": hours, "calendar": "ALWAYS"}) is fit


def test_every_type_has_a_schema_of_each_version_the_current_one_first() -> None:
    schemas = all_schemas()

    assert list(schemas) == [
        (name, version)
        for name in EVENT_TYPES
        for version in ((2, 1) if name in ONCE_INSIDE else (1,))
    ]
    assert all(schema == schema_of(*key) for key, schema in schemas.items())


def test_there_is_no_schema_of_another_version_or_of_an_unknown_type() -> None:
    assert schema_of("PriorityChanged", 0) is None
    assert schema_of("PriorityChanged", 3) is None
    assert schema_of("TicketTeleported", 1) is None
