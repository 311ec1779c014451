"""How the API documentation describes problems by status, headers, and command headers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ticket_api.http.fields import Schema
from ticket_api.http.problems import MEDIA_TYPE, TITLES

TRACE_ID = "01a201576e0c7094a2299770aaee933f"

PROBLEMS: Mapping[int, str] = {
    400: "the cursor is not one of this list",
    401: "no token, or one that cannot be verified",
    403: "that side may never do this; the clause says so",
    404: "no such thing, or one that you may not see",
    408: "the request was sent too slowly",
    409: "the terms refuse it now; `code` and `clause` say why",
    410: "the log was replaced; begin without Last-Event-ID",
    412: "the ticket is at another version than If-Match says",
    413: "the body is too large",
    414: "the URL is too long",
    415: "the body is not JSON",
    422: "the request is malformed; `errors` points at the fields",
    429: "too much was asked; Retry-After says when to ask again, RateLimit what is left",
    431: "the headers are too large, or too many",
    502: "what is stored is not what was written; nothing of it is shown",
    503: "it cannot be done now; repeat with the same Idempotency-Key",
}

CODES: Mapping[int, tuple[str, ...]] = {
    400: ("malformed_cursor",),
    401: ("token_missing", "token_invalid"),
    403: ("actor_not_entitled",),
    404: ("not_found",),
    408: ("request_too_slow",),
    409: (),
    410: ("log_replaced",),
    412: ("version_conflict", "malformed_if_match"),
    413: ("body_too_large",),
    414: ("url_too_long",),
    415: ("not_json",),
    422: ("malformed",),
    429: ("too_many_requests", "one_at_a_time"),
    431: ("headers_too_large",),
    502: ("evidence_mismatch",),
    503: ("busy", "unavailable", "took_too_long"),
}
"""The codes that a status has wherever it is answered."""

HEADERS: Mapping[str, Mapping[str, Any]] = {
    "Docket-Selected": {
        "description": "`0` where no event fits what was asked for; absent where one does",
        "schema": {"type": "string", "const": "0"},
    },
    "ETag": {"description": "the version of the ticket", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` where this is the first answer to the same key again",
        "schema": {"type": "string", "const": "true"},
    },
    "Link": {
        "description": "the next page, RFC 8288; absent on the last",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "the place of what was made",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "RateLimit": {
        "description": "what is left under each policy, and for how many seconds: `r` and `t` of "
        "draft-ietf-httpapi-ratelimit-headers-11",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "the policies that count this request: `q` requests in `w` seconds",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "seconds to wait",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "WWW-Authenticate": {
        "description": "how to authenticate, RFC 6750",
        "schema": {"type": "string"},
    },
    "X-Request-Id": {
        "description": "the id of this request, `trace_id` of problems",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
}

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "the same key and body gives the first answer again, as you may see it now, for "
    "7 days (DOCKET_IDEMPOTENCY_DAYS); a key is of one issuer, account, role and subject",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "the version that the command is meant for",
    "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,9}"|[0-9]{1,9})$'},
}
_OF_A_STATUS = {
    401: ("WWW-Authenticate",),
    412: ("ETag",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}


class Mistake(Schema):
    """A field that is wrong; `pointer` is a JSON Pointer (RFC 6901) into the request."""

    pointer: str
    code: str
    detail: str


class ProblemDocument(Schema):
    """RFC 9457 problem: `code` is stable, `clause` is what the refusal rests on."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    trace_id: str
    clause: str | None = None
    errors: list[Mistake] | None = None


def headers(*names: str) -> dict[str, Any]:
    """Return references to headers; every answer has X-Request-Id."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-Id")}


def problems(
    *statuses: int, codes: Mapping[int, Sequence[str]] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the problems that a route may answer with.

    `codes` are those that a status has on this route beside the ones it has everywhere.
    """
    beside = codes or {}
    return {
        status: problem(status, (*CODES[status], *beside.get(status, ())))
        for status in dict.fromkeys((*statuses, *beside))
    }


def problem(status: int, codes: Iterable[str], description: str = "") -> dict[str, Any]:
    """Return the documentation of a problem: its codes, an example, its headers."""
    known = sorted(set(codes))
    shape = {
        "allOf": [
            {"$ref": "#/components/schemas/ProblemDocument"},
            {
                "type": "object",
                "properties": {"status": {"const": status}, "code": {"enum": known}},
            },
        ]
    }
    example = {
        "type": f"/problems/{known[0]}",
        "title": TITLES[status],
        "status": status,
        "code": known[0],
        "detail": PROBLEMS[status],
        "trace_id": TRACE_ID,
    }
    return {
        "description": description or PROBLEMS[status],
        "headers": headers(*_OF_A_STATUS.get(status, ())),
        "content": {MEDIA_TYPE: {"schema": shape, "example": example}},
    }
