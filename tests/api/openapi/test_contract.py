"""What other teams build on: the OpenAPI document, the event schemas, the words of the bus."""

import ast
import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from document import APP, DOCUMENT

from docket_events.codec import EVENT_TYPES, cloud_type, routing_key

HOUSE = Path(__file__).parents[3]
GOLDEN = sorted((HOUSE / "tests/golden/events").iterdir())
OPERATIONS = {
    operation["operationId"]: operation
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
}

ELSEWHERE = {"fault", "busy", "request_cut", "other_site", "not_a_form"}
"""Codes of our own faults, of the pages for people, and of what nobody is there to hear."""


def test_the_documents_name_the_newest_release() -> None:
    changes = (HOUSE / "CHANGELOG.md").read_text()
    newest = re.findall(r"(?m)^## \[(\d[^]]*)\] - \d{4}-\d\d-\d\d$", changes)[0]
    published = json.loads((HOUSE / "docs/asyncapi.json").read_text())
    assert DOCUMENT["info"]["version"] == published["info"]["version"] == newest


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the document, or what it refers to."""
    while "$ref" in part:
        place = part["$ref"].removeprefix("#/").split("/")
        part = DOCUMENT
        for name in place:
            part = part[name]
    return part


def answers(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, answer in operation["responses"].items():
        yield status, resolved(answer)


def problem_codes() -> Iterator[tuple[str, str]]:
    """Give status and code of every problem that is documented."""
    for operation in OPERATIONS.values():
        for status, answer in answers(operation):
            for content in answer.get("content", {}).values():
                for part in content.get("schema", {}).get("allOf", ()):
                    for code in part.get("properties", {}).get("code", {}).get("enum", ()):
                        yield status, code


def calls(folder: str, *names: str) -> Iterator[ast.Call]:
    """Give the calls of these names in the code of a folder."""
    for module in sorted((HOUSE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
                yield node


def literals(call: ast.Call) -> list[Any]:
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant)]


@pytest.fixture
async def anybody() -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a token; what they may ask here needs no database."""
    transport = httpx.ASGITransport(APP, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
        yield client


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_described_with_examples_that_fit_its_shapes(name):
    operation = OPERATIONS[name]

    assert operation["description"]
    assert operation["tags"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if content["schema"].get("format") != "binary":
            _fits(content, f"the request of {name}")
    for status, answer in answers(operation):
        for media_type, content in answer.get("content", {}).items():
            _fits(content, f"{name} {status} {media_type}")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_problem_names_the_codes_it_may_have(name):
    for status, answer in answers(OPERATIONS[name]):
        if status >= "4":
            schema = answer["content"]["application/problem+json"]["schema"]
            assert schema["allOf"][1]["properties"]["code"]["enum"], status


def test_every_problem_of_the_code_is_documented():
    documented = set(problem_codes())
    known = {code for _, code in documented}
    said = [literals(call)[:2] for call in calls("services/ticket-api", "Problem")]
    unknown = [
        (status, code)
        for status, code in (each for each in said if len(each) == 2)
        if (str(status), code) not in documented and code not in ELSEWHERE
    ]
    refused = {said[0] for said in map(literals, calls("libs/lifecycle", "Refused")) if said}

    assert not unknown
    assert refused <= known, refused - known


def test_every_published_schema_has_a_name_of_its_own():
    """Two classes of one name would be published under the paths of their modules."""
    names = DOCUMENT["components"]["schemas"]

    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


def test_every_body_is_closed_and_bounded():
    for name, operation in OPERATIONS.items():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            shape = resolved(content.get("schema", {}))
            if name != "simulate" and shape.get("type") == "object":
                assert shape["additionalProperties"] is False, name
            for field, told in shape.get("properties", {}).items():
                for each in told.get("anyOf", [told]):
                    if each.get("type") == "string" and "format" not in each:
                        assert {"maxLength", "enum", "const", "pattern"} & each.keys(), (
                            name,
                            field,
                        )
                    if each.get("type") == "array":
                        assert "maxItems" in each, (name, field)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
async def test_every_stored_event_fits_its_schema(anybody, path):
    type_name, schema_version = re.match(r"([A-Za-z]+)\.v([0-9]+)", path.name).groups()

    answer = await anybody.get(f"/schemas/{type_name}/{schema_version}")

    assert answer.headers["content-type"] == "application/schema+json"
    shape = jsonschema_rs.Draft202012Validator(answer.json(), validate_formats=True)
    shape.validate(json.loads(path.read_bytes()))
    assert shape.is_valid({}) is not bool(answer.json()["required"])


async def test_a_type_or_a_version_that_is_not_there_is_404(anybody):
    for place in ("Nothing/1", "TicketCreated/99"):
        answer = await anybody.get(f"/schemas/{place}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_document_is_there_for_anybody_and_not_sent_twice(anybody):
    first = await anybody.get("/openapi.json")
    again = await anybody.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})

    assert first.json() == json.loads(json.dumps(DOCUMENT))
    assert (again.status_code, again.content) == (304, b"")


def test_the_bus_is_described_event_by_event():
    described = json.loads((HOUSE / "docs/asyncapi.json").read_bytes())

    addresses = {channel["address"] for channel in described["channels"].values()}
    summaries = {m["summary"] for m in described["components"]["messages"].values()}
    assert addresses == {routing_key(name) for name in EVENT_TYPES}
    assert all(any(cloud_type(name, 1) in summary for summary in summaries) for name in EVENT_TYPES)


def _fits(content: dict[str, Any], what: str) -> None:
    assert "example" in content or "examples" in content, f"{what} has no example"
    schema = content.get("schema")
    if schema and "example" in content:
        errors = _validator(json.dumps(schema)).iter_errors(content["example"])
        assert not [f"{what}: {error.message} at {error.instance_path}" for error in errors]


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a shape; most operations share those of their problems."""
    whole = {**json.loads(schema), "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(whole)
