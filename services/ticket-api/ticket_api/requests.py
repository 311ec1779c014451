"""Reading a command's request: headers, path and body, each error naming its field."""

from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.requests import Request as HttpRequest

from docket_runtime.clock import new_id
from ticket_api.auth import Principal
from ticket_api.command import Request
from ticket_api.problems import Problem, not_found

MAX_KEY = 255

Model = TypeVar("Model", bound=BaseModel)


def ticket_id_of(http: HttpRequest) -> UUID:
    """Return the ticket id of the path; what is no id is not found either."""
    try:
        return UUID(http.path_params["ticket_id"])
    except ValueError:
        raise not_found() from None


def read_body(model: type[Model], raw: bytes) -> Model:
    """Read a JSON body; raise Problem 422 with a JSON Pointer for every error."""
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as invalid:
        errors = [
            {
                "pointer": "".join(f"/{part}" for part in error["loc"]),
                "code": error["type"],
                "detail": error["msg"],
            }
            for error in invalid.errors(
                include_url=False, include_context=False, include_input=False
            )
        ]
        fields = ", ".join(error["pointer"] or "/" for error in errors)
        raise Problem(422, "malformed", f"the body is wrong at {fields}", errors=errors) from None


def read_request(http: HttpRequest, principal: Principal, raw: bytes) -> Request:
    """Read what a command brings along beside its body; raise Problem 415 or 422."""
    media_type = http.headers.get("content-type", "application/json").partition(";")[0].strip()
    if media_type != "application/json":
        raise Problem(415, "not_json", "send application/json")
    return Request(
        principal=principal,
        correlation_id=new_id(),
        key=_idempotency_key(http.headers.get("idempotency-key")),
        request_hash=sha256(f"{http.method} {http.url.path}\n".encode() + raw).digest(),
        if_match=_version(http.headers.get("if-match")),
    )


def _idempotency_key(key: str | None) -> str | None:
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY or not (key.isascii() and key.isprintable()):
        raise Problem(
            422, "malformed_idempotency_key", f"Idempotency-Key has 1 to {MAX_KEY} printable ASCII"
        )
    return key


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdecimal() and len(tag) <= 9):
        raise Problem(412, "malformed_if_match", 'If-Match is an ETag of ours, such as "17"')
    return int(tag)
