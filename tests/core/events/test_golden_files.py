"""What was written once can be read for ever: the stored examples of every event type.

A golden file is `<Type>.v<schema version>[-<variant>].json` with the exact bytes of one stored
event. Files are only ever added: a new type or field comes with a new file, and a file of an older
schema version stays to show that its upcaster works.
"""

import json
import re
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

import pytest

from docket_events.codec import (
    EVENT_TYPES,
    SCHEMA_VERSION,
    decode,
    encode,
    schema_version_of,
    type_of,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "events"
NAME = re.compile(r"(?P<type>[A-Za-z]+)\.v(?P<version>\d+)(-(?P<variant>[a-z-]+))?\.json")


@dataclass(frozen=True, slots=True)
class Stored:
    """One golden file."""

    name: str
    type: str
    version: int
    body: bytes

    @property
    def wire_names(self) -> set[str]:
        return set(json.loads(self.body))


def stored_examples() -> list[Stored]:
    examples = []
    for path in sorted(GOLDEN.iterdir()):
        match = NAME.fullmatch(path.name)
        assert match, f"{path.name} is not named <Type>.v<version>[-<variant>].json"
        examples.append(Stored(path.name, match["type"], int(match["version"]), path.read_bytes()))
    return examples


EXAMPLES = stored_examples()


def current(type_name: str) -> list[Stored]:
    version = SCHEMA_VERSION.get(type_name, 1)
    return [e for e in EXAMPLES if e.type == type_name and e.version == version]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_every_event_ever_stored_is_read_by_todays_code(example: Stored) -> None:
    event = decode(example.type, example.version, example.body)

    assert type_of(event) == example.type
    if example.version == schema_version_of(event):
        assert encode(event) == example.body


@pytest.mark.parametrize("type_name", EVENT_TYPES)
def test_every_type_has_a_golden_file_of_its_current_version(type_name: str) -> None:
    assert current(type_name), (
        f"{type_name} has no golden file: store one example, the exact bytes of codec.encode, as "
        f"tests/golden/events/{type_name}.v{SCHEMA_VERSION.get(type_name, 1)}.json"
    )


@pytest.mark.parametrize("type_name", EVENT_TYPES)
def test_the_golden_files_of_a_type_show_every_field_and_the_event_without_the_optional_ones(
    type_name: str,
) -> None:
    wire = {f: f.name.removesuffix("_") for f in fields(EVENT_TYPES[type_name])}
    optional = {
        name
        for field, name in wire.items()
        if field.default is not MISSING and field.default in (None, False, ())
    }
    shown = [example.wire_names for example in current(type_name)]

    assert set().union(*shown) == set(wire.values()), "add a golden file that shows the new field"
    assert set(wire.values()) - optional in shown, "add a golden file without the optional fields"


def test_no_golden_file_is_of_a_type_that_is_gone() -> None:
    assert {example.type for example in EXAMPLES} == set(EVENT_TYPES)
