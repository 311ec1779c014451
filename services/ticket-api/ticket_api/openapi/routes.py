"""For other teams, without a token: the API's description and the schemas of the events."""

from hashlib import sha256
from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from docket_events.schemas import schema_of
from ticket_api.http.problem_docs import problems
from ticket_api.http.problems import Problem
from ticket_api.http.rates import take_anonymous

router = APIRouter(tags=["contract"])


class JsonSchema(JSONResponse):
    """A JSON Schema, by its own media type."""

    media_type = "application/schema+json"


@router.get("/openapi.json", include_in_schema=False)
async def openapi(http: HttpRequest) -> Response:
    """Return the OpenAPI document; its ETag changes with it."""
    take_anonymous(http.scope)
    return _lasting(http, msgspec.json.encode(http.app.openapi()), "application/json")


@router.get(
    "/schemas/{type_name}/{schema_version}",
    operation_id="get_event_schema",
    response_model=dict[str, Any],
    response_class=JsonSchema,
    responses=problems(404),
    openapi_extra={"security": []},
)
async def event_schema(http: HttpRequest, type_name: str, schema_version: int) -> Response:
    """Return the JSON Schema of an event's data, by type (`TicketCreated`) and schema version."""
    take_anonymous(http.scope)
    schema = schema_of(type_name, schema_version)
    if schema is None:
        raise Problem(404, "not_found", "there is no such event type, or no such version of it")
    return _lasting(http, msgspec.json.encode(schema), JsonSchema.media_type)


def _lasting(http: HttpRequest, body: bytes, media_type: str) -> Response:
    """Return a document that changes with a release only, or 304 to a client that has it."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300"}
    if etag in (tag.strip() for tag in http.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
