"""The OpenAPI document as a whole: FastAPI's routes, the commands, and what all of them share."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from docket_events.roles import ROLES
from ticket_api.accounts.bodies import ACCOUNT_BODIES
from ticket_api.auth.revocation_routes import RevocationBody
from ticket_api.auth.roles import table
from ticket_api.commands.bodies import TICKET_BODIES, CreateBody
from ticket_api.commands.bounce_routes import RecordBounceBody
from ticket_api.commands.release_routes import ReleaseBody
from ticket_api.http.problem_docs import (
    CODES,
    HEADERS,
    PROBLEMS,
    ProblemDocument,
    headers,
    problems,
)
from ticket_api.http.problems import MEDIA_TYPE
from ticket_api.openapi import examples, operations
from ticket_api.openapi.samples import sample
from ticket_api.terms.schemas import Question
from ticket_api.tickets.schemas import TicketState

DESCRIPTION = """
Support tickets under written terms. Every command is an event, every refusal names its clause.

* A refusal is an `application/problem+json` document with a stable `code` and the `clause`.
* `ETag` is the ticket's version; send it as `If-Match` to be told (412) when it has changed.
* `Idempotency-Key` on a POST makes repeating it safe: for 7 days (an operator may say otherwise)
  the first answer comes again, of the version that it showed, with what you may see of it now.
* Commands on one ticket take turns. Only with `If-Match` does another's change refuse yours (412);
  what finds no turn is 503 `busy`.
* Instants are UTC, RFC 3339. A deadline is the last instant in time; a window's end is exclusive.
* Bodies and queries are closed: a field or a parameter that is not documented is refused (422).
  Answers are open: ignore fields that you do not know.
* Requests are counted: `RateLimit` says what is left, 429 comes with `Retry-After`. Of the
  expensive questions (exports, reports, analyses, simulations) you have one under way at a time.
"""

TAGS = [
    {"name": "commands", "description": "what may happen to a ticket"},
    {"name": "defects", "description": "what every ticket about a defect is told"},
    {"name": "accounts", "description": "who may use support, and under which licenses"},
    {"name": "notices", "description": "what people were told, and what became of the mail"},
    {"name": "questions", "description": "what is true of it"},
    {"name": "past", "description": "what was true of it, what was known then, and why"},
    {"name": "audit", "description": "the log, and reports over many tickets"},
    {"name": "terms", "description": "what the terms say; nothing is stored"},
    {"name": "contract", "description": "what other teams build on"},
]

SHOWN: Mapping[str, tuple[str, ...]] = {
    "list_tickets": ("Link",),
    "get_ticket": ("ETag",),
    "get_history": ("ETag",),
    "list_notices": ("ETag",),
    "get_clock": ("ETag",),
    "get_event_schema": ("ETag",),
}
"""The headers of successful answers by operation id, beside those of every answer."""


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _document(app)
    return app.openapi_schema


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="Docket ticket-api",
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
    )
    paths, components = document["paths"], document.setdefault("components", {})
    paths.setdefault("/v1/tickets", {})["post"] = operations.operation("create", CreateBody)
    for verb, body in TICKET_BODIES.items():
        paths[f"/v1/tickets/{{ticket_id}}/{verb}"] = {"post": operations.operation(verb, body)}
    components.setdefault("schemas", {}).update(_shapes())
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    components["headers"] = HEADERS
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    general = [status for status in PROBLEMS if CODES[status]]
    shared = {f"Problem{status}": doc for status, doc in problems(*general).items()}
    components["responses"] = shared
    document["security"] = [{"bearer": []}]
    of_a_ticket = dict(_of_a_ticket(paths))
    components["links"] = of_a_ticket
    for _, operation in _operations(paths):
        _complete(operation, components["schemas"])
        _share(operation["responses"], shared)
    opened = paths["/v1/tickets"]["post"]["responses"]["201"]
    opened["links"] = {name: {"$ref": f"#/components/links/{name}"} for name in of_a_ticket}
    return document


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((path, operation) for path, item in paths.items() for operation in item.values())


def _complete(operation: dict[str, Any], shapes: Mapping[str, Any]) -> None:
    """Add what every operation has: the problems of the gate, headers, an example."""
    name, responses = operation["operationId"], operation["responses"]
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _without_null(parameter["schema"])
    for status, doc in problems(*_before_the_route(name, operation)).items():
        if MEDIA_TYPE not in responses.get(str(status), {}).get("content", {}):
            responses[str(status)] = doc
    for status, doc in responses.items():
        if status.startswith("2"):
            doc["headers"] = {**doc.get("headers", {}), **headers(*SHOWN.get(name, ()))}
            for content in doc.get("content", {}).values():
                if "example" not in content:
                    content["example"] = _example(name, content.get("schema", {}), shapes)
    operation["responses"] = dict(sorted(responses.items()))


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of a parameter: it may be left out, and null is no text of a URL."""
    possible = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(possible) != 1:
        return schema
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **possible[0]}


def _before_the_route(name: str, operation: Mapping[str, Any]) -> Iterator[int]:
    """Yield the problems that may be answered before an operation is reached."""
    yield from (408, 414, 422, 429, 431, 503)
    if operation.get("security") != []:
        yield 401
    if not table().get(name, {}).keys() >= {*ROLES}:
        yield 403


def _example(name: str, schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:
    known = examples.of_answers()
    if name in known:
        return known[name]
    if schema == {"$ref": "#/components/schemas/TicketState"}:
        return examples.of_ticket()
    return sample(schema, shapes)


def _share(responses: dict[str, Any], shared: Mapping[str, Any]) -> None:
    """Refer to the problems that are the same wherever they are answered."""
    for status, doc in responses.items():
        name = f"Problem{status}"
        if doc == shared.get(name):
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def _of_a_ticket(paths: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a link to each operation on the ticket that was just opened."""
    for path, operation in _operations(paths):
        if path.startswith("/v1/tickets/{ticket_id}") and path.count("{") == 1:
            name = operation["operationId"]
            yield name, {"operationId": name, "parameters": {"ticket_id": "$response.body#/id"}}


def _shapes() -> dict[str, Any]:
    models = (
        CreateBody,
        *TICKET_BODIES.values(),
        *ACCOUNT_BODIES.values(),
        ReleaseBody,
        RevocationBody,
        RecordBounceBody,
        Question,
    )
    bodies = [(body, "validation") for body in models]
    answers = [(shape, "serialization") for shape in (ProblemDocument, TicketState)]
    _, definitions = models_json_schema(
        [*bodies, *answers],  # type: ignore[list-item]  # the mode is a Literal lost in a list
        ref_template="#/components/schemas/{model}",
    )
    shapes: dict[str, Any] = definitions["$defs"]
    return shapes
