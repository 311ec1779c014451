"""What schemathesis cannot know of ticket-api: rules that no schema can say, and parts of files."""

from typing import Any

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

BEYOND_SCHEMAS = {
    "agreement_required": "special conditions are agreed in writing",
    "digest_mismatch": "a digest is that of the bytes",
    "file_too_large": "how large a file may be is a setting",
    "idempotency_key_reused": "a key comes with one request",
    "media_type_not_taken": "which files are taken is a setting",
    "malformed_cursor": "a cursor is one that was given out",
    "nothing_supposed": "one of several parameters is needed",
    "period_too_long": "a period is bounded by its length",
    "unknown_calendar": "a calendar is one that the terms have",
    "unknown_reading": "a reading is one that the terms have",
    "unknown_attachment": "a file is one of the ticket",
    "unknown_field": "a field is one that the ticket has",
}
"""Codes of 4xx answers to what fits the schema of a request, and what is wrong with it."""

ALSO = (
    "from must lie before to",
    "a number is out of range",  # beyond 64 bits, in a question of any shape
    "an id that this stream gave",
    "says why in 3 to 200 characters",  # once it is decoded
    "int_type",  # 3.0 is whole for a schema; a body writes it as 3
    "lies outside the calendar",  # the first and the last hours that RFC 3339 can write
)
"""What is said of other such requests."""


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Keep a failure unless a request that fits its schema was refused for another reason."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    said = f"{problem.get('detail')} {problem.get('errors')}"
    known = problem.get("code") in BEYOND_SCHEMAS or any(each in said for each in ALSO)
    return not known


@schemathesis.serializer("application/offset+octet-stream")
def part(context: Any, value: Any) -> dict[str, Any]:
    """Send a part of a file as it is."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}
