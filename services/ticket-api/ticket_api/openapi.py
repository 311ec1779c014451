"""What the documentation says of routes that take the raw request, and the document as a whole."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ticket_api.bodies import EXAMPLES, TICKET_BODIES, CreateBody
from ticket_api.schemas import ProblemDocument, TicketState

DESCRIPTION = """
Support tickets under written terms. Every command is an event, every refusal names its clause.

* A refusal is an `application/problem+json` document with a stable `code` and the `clause`.
* `ETag` is the ticket's version; send it as `If-Match` to be told (412) when it has changed.
* `Idempotency-Key` on a POST makes repeating it safe: the first answer comes again.
* Instants are UTC. A deadline is the last instant in time; a window's end is exclusive.
"""

PROBLEMS = {
    401: "no token, or one that cannot be verified",
    403: "that side may never do this; the clause says so",
    404: "no such ticket, or one that you may not see",
    409: "the terms refuse it now; `code` and `clause` say why",
    410: "the log was replaced; begin without Last-Event-ID",
    412: "the ticket is at another version than If-Match says",
    413: "the body is too large",
    415: "the body is not JSON",
    422: "the request is malformed; `errors` points at the fields",
    503: "the log cannot be reached; repeat with the same Idempotency-Key",
}

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "the same key and body gives the first answer again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "the version that the command is meant for",
    "schema": {"type": "string", "pattern": '^(W/)?"?[0-9]{1,9}"?$'},
}
TICKET_ID = {
    "name": "ticket_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
ETAG = {"ETag": {"description": "the ticket's version", "schema": {"type": "string"}}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the problems that a route may answer with."""
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    content = {"application/problem+json": {"schema": schema}}
    return {status: {"description": PROBLEMS[status], "content": content} for status in statuses}


def _operation(verb: str, body: type[BaseModel]) -> dict[str, Any]:
    """Return the documentation of a command."""
    created = verb == "create"
    ticket = {"schema": {"$ref": "#/components/schemas/TicketState"}}
    done = {
        "description": "the ticket after the command",
        "headers": ETAG,
        "content": {"application/json": ticket},
    }
    refused = problems(*(s for s in PROBLEMS if not (created and s in (404, 412))))
    said = {
        "schema": {"$ref": f"#/components/schemas/{body.__name__}"},
        "example": EXAMPLES[verb],
    }
    return {
        "operationId": verb.replace("-", "_") + "_ticket" * created,
        "summary": verb,
        "description": (body.__doc__ or verb).strip(),
        "tags": ["commands"],
        "parameters": [IDEMPOTENCY_KEY] if created else [TICKET_ID, IDEMPOTENCY_KEY, IF_MATCH],
        "requestBody": {
            "required": any(field.is_required() for field in body.model_fields.values()),
            "content": {"application/json": said},
        },
        "responses": {
            "201" if created else "200": done,
            **{str(status): problem for status, problem in refused.items()},
        },
    }


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with the shapes that routes only refer to."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title="Docket ticket-api",
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
            tags=[
                {"name": "commands", "description": "what may happen to a ticket"},
                {"name": "questions", "description": "what is true of it"},
                {"name": "terms", "description": "what the terms say; nothing is stored"},
            ],
        )
        paths = schema["paths"]
        paths.setdefault("/v1/tickets", {})["post"] = _operation("create", CreateBody)
        for verb, body in TICKET_BODIES.items():
            paths[f"/v1/tickets/{{ticket_id}}/{verb}"] = {"post": _operation(verb, body)}
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {}).update(_shapes())
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        schema["security"] = [{"bearer": []}]
        app.openapi_schema = schema
    return app.openapi_schema


def _shapes() -> dict[str, Any]:
    bodies = [(body, "validation") for body in (CreateBody, *TICKET_BODIES.values())]
    answers = [(shape, "serialization") for shape in (ProblemDocument, TicketState)]
    _, definitions = models_json_schema(
        [*bodies, *answers],  # type: ignore[list-item]  # the mode is a Literal lost in a list
        ref_template="#/components/schemas/{model}",
    )
    shapes: dict[str, Any] = definitions["$defs"]
    return shapes
