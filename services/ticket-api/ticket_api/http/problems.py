"""Everything that is not a 2xx: RFC 9457 problem documents with a stable code and, where the terms
decided, the clause."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from starlette.responses import Response

from docket_lifecycle.refused import NotEntitled, Refused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "1"
MOST_ERRORS = 20
LONGEST_POINTER = 200

TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not entitled",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Refused by the terms",
    410: "The log was replaced",
    412: "The ticket has changed",
    413: "Too large",
    414: "URL too long",
    415: "Not JSON",
    422: "Malformed",
    429: "Too much asked",
    431: "Header too large",
    500: "Fault",
    502: "Not what was stored",
    503: "Not available now",
}


class Problem(Exception):
    """An error that ends a request, with its answer; `reason` is for the log alone."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        clause: str | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.clause = clause
        self.errors = errors
        self.headers = dict(headers or {})
        self.reason = reason


def not_found(what: str = "ticket") -> Problem:
    """Return the answer for what does not exist, which is the same for what one may not see."""
    return Problem(404, "not_found", f"there is no such {what}")


def malformed(what: str, wrong: Iterable[Mapping[str, Any]]) -> Problem:
    """Return the answer to a request with these errors of pydantic.

    A name that the caller made up is shown in part, and no more than MOST_ERRORS errors.
    """
    errors = [
        {
            "pointer": _pointer(error["loc"]),
            "code": str(error["type"]),
            "detail": str(error["msg"]).removeprefix("Value error, "),
        }
        for error in islice(wrong, MOST_ERRORS)
    ]
    fields = ", ".join(error["pointer"] or "/" for error in errors)
    return Problem(422, "malformed", f"{what} is wrong at {fields}", errors=errors)


def _pointer(place: Iterable[str | int]) -> str:
    """Return a JSON Pointer (RFC 6901)."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(f"/{part}" for part in parts)[:LONGEST_POINTER]


def unavailable(reason: str | None = None) -> Problem:
    """Return the answer while the database is out of reach; the same key finds the outcome."""
    return Problem(
        503,
        "unavailable",
        "the log cannot be reached now; repeat with the same Idempotency-Key",
        headers={"Retry-After": RETRY_AFTER_S},
        reason=reason,
    )


def fault() -> Problem:
    """Return the answer to what we did not foresee."""
    return Problem(500, "fault", "this is our fault; the trace id finds it")


def refused(refusal: Refused) -> Problem:
    """Return the answer to a refused command: 403 if that side may never do it, else 409."""
    status = 403 if isinstance(refusal, NotEntitled) else 409
    return Problem(status, refusal.code, refusal.detail, clause=refusal.clause)


def respond(problem: Problem, trace_id: str) -> Response:
    """Return the problem as an HTTP response."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": TITLES.get(problem.status, "Problem"),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "trace_id": trace_id,
    }
    if problem.clause is not None:
        body["clause"] = problem.clause
    if problem.errors:
        body["errors"] = list(problem.errors)
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(msgspec.json.encode(body), problem.status, headers, MEDIA_TYPE)
