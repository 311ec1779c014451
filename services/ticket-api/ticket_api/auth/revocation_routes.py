"""The route by which an operator revokes tokens before they expire."""

from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

import msgspec
from fastapi import APIRouter
from pydantic import ConfigDict, Field, model_validator
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.vocabulary import LONGEST_ID
from ticket_api.auth.gate import principal_of
from ticket_api.auth.revocations import Revocations
from ticket_api.http.body_docs import json_request
from ticket_api.http.fields import Body, Person, Schema
from ticket_api.http.problem_docs import headers, problems
from ticket_api.http.requests import json_body, read_body, refuse_query

router = APIRouter(prefix="/v1/revocations", tags=["operation"])


class RevocationBody(Body):
    """Revoke one token by its id (`jti`), or all tokens of a subject that were issued until now.

    A role that was withdrawn at the issuer ends this way at once and not only when its tokens
    expire. Tokens that the issuer makes afterwards are good.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [name], "properties": {name: {"type": "string"}}}
                for name in ("token_id", "subject")
            ]
        }
    )
    example: ClassVar[dict[str, Any]] = {"subject": "max"}

    token_id: Person | None = Field(
        None, max_length=LONGEST_ID, description="the `jti` of the token; operators see it"
    )
    subject: Person | None = Field(
        None,
        max_length=LONGEST_ID,
        description="the `sub` of the tokens, for all roles and accounts; operators see it",
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> "RevocationBody":
        if (self.token_id is None) == (self.subject is None):
            raise ValueError("name either `token_id` or `subject`")
        return self


class RevocationState(Schema):
    """A revocation: until `counts_until` it is looked at, null where tokens may live for ever."""

    id: UUID
    token_id: str | None
    subject: str | None
    issued_before: datetime
    counts_until: datetime | None


@router.post(
    "",
    operation_id="revoke_tokens",
    summary="revoke tokens",
    status_code=201,
    response_model=RevocationState,
    responses={
        201: {"description": "what is revoked now", "headers": headers()},
        **problems(401, 403, 413, 415, 422, 503),
    },
    openapi_extra={"requestBody": json_request(RevocationBody, RevocationBody.example)},
)
async def revoke_tokens(http: HttpRequest) -> Response:
    """Revoke tokens: here at once, in other instances within five seconds (401 `token_invalid`).

    Doing it again is harmless. It leaves an access event.
    """
    operator = principal_of(http)
    refuse_query(http, {})
    body = read_body(RevocationBody, await json_body(http))
    made = await revocations_of(http).add(body.token_id, body.subject, operator)
    return Response(msgspec.json.encode(made), 201, media_type="application/json")


def revocations_of(http: HttpRequest) -> Revocations:
    """Return the revocations of the application that got the request."""
    return cast(Revocations, http.app.state.revocations)
