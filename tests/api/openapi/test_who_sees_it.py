"""Each string of each body says who will see it: whoever builds a form can tell its user."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from ticket_api.accounts.bodies import ACCOUNT_BODIES
from ticket_api.commands.bodies import TICKET_BODIES, CreateBody
from ticket_api.commands.bodies.attachments import AttachmentBody
from ticket_api.commands.release_routes import ReleaseBody
from ticket_api.http.fields import BOTH_READ, FOR_EVER, NOT_KEPT

DESK_ALONE = "the desk reads it, the user never; it lies beside the log and can be erased"
BODIES = {
    body.__name__: body
    for body in (
        CreateBody,
        AttachmentBody,
        ReleaseBody,
        *TICKET_BODIES.values(),
        *ACCOUNT_BODIES.values(),
    )
}


def strings(
    schema: Mapping[str, Any], whole: Mapping[str, Any], where: str, said: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield each string in which one can type words, with all that is said of it."""
    said += schema.get("description", "")
    if "$ref" in schema:
        schema = whole[schema["$ref"].rpartition("/")[2]]
    of_a_whole_body = "title" in schema and "properties" in schema  # says what must be named
    for each in () if of_a_whole_body else schema.get("anyOf", ()):
        yield from strings(each, whole, where, said)
    if schema.get("type") == "string" and not schema.keys() & {"enum", "format", "const"}:
        yield where, said
    for name, part in schema.get("properties", {}).items():
        yield from strings(part, whole, f"{where}/{name}")
    if "items" in schema:
        yield from strings(schema["items"], whole, where, said)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_each_string_says_who_sees_it(body: type[BaseModel]) -> None:
    schema = body.model_json_schema()
    audiences = (BOTH_READ, FOR_EVER, NOT_KEPT, DESK_ALONE)
    silent = [
        where
        for where, said in strings(schema, schema.get("$defs", {}), body.__name__)
        if not any(audience in said for audience in audiences)
    ]
    assert silent == []


def test_the_note_is_for_the_desk_alone() -> None:
    schema = TICKET_BODIES["note"].model_json_schema()
    assert DESK_ALONE in schema["properties"]["text"]["description"]
