"""What schemathesis cannot know of ticket-api: rules that no schema can say, and parts of files."""

from collections.abc import Mapping
from typing import Any

import schemathesis
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

BEYOND_SCHEMAS = {
    "account_quota_exceeded": "how much an account may keep is a setting",
    "agreement_required": "special conditions are agreed in writing",
    "answer_too_large": "how long an answer may be is a setting",
    "beyond_the_end": "a position is one that the log has reached",
    "beyond_announced_size": "a part ends where its file was announced to end",
    "digest_mismatch": "a digest is that of the bytes",
    "empty_period": "a period ends behind its beginning",
    "file_too_large": "how large a file may be is a setting",
    "idempotency_key_reused": "a key comes with one request",
    "media_type_not_taken": "which files are taken is a setting",
    "malformed_cursor": "a cursor is one that was given out",
    "nothing_supposed": "one of several parameters is needed",
    "one_at_a_time": "an expensive question of one's own is answered first",
    "period_too_long": "a period is bounded by its length",
    "ticket_quota_exceeded": "how much a ticket may keep is a setting",
    "too_costly": "what a simulation may cost is a setting",
    "too_many_requests": "how often one may ask is a setting",
    "unknown_account": "an account is one that the log has",
    "unknown_calendar": "a calendar is one that the terms have",
    "unknown_offer": "a level is one of an edition",
    "unknown_plan": "a plan is one of the terms",
    "unknown_product": "a product is one of some ticket",
    "unknown_reading": "a reading is one that the terms have",
    "unknown_ticket": "a ticket is one that the log has",
    "unknown_attachment": "a file is one of the ticket",
    "unknown_field": "a field is one that the ticket has",
}
"""Codes of 4xx answers to what fits the schema of a request, and what is wrong with it."""

FIELDS_BEYOND_SCHEMAS = {
    ("json_invalid", "Invalid JSON: a number is out of range"),  # beyond 64 bits
    ("value_error", "lies outside the calendar"),  # the ends of what RFC 3339 writes
    ("int_type", "Input should be a valid integer"),  # 3.0 is whole for a schema
}
"""Code and detail of what may be wrong at a field that fits its schema."""

HEADERS_BEYOND_SCHEMAS = frozenset({"last-event-id", "x-reveal-reason"})
"""Headers that may be wrong although they fit: an id that was given out, a reason once decoded."""


WRONG_IN_THE_DOCUMENT = frozenset({"/v1/audit/export"})
"""Paths whose JSON is described as a string, as every format of the export is: OCEL is an object.

A known fault of the published document, kept until the document changes for more than names.
"""


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Keep a failure unless a request that fits its schema was refused for a rule beyond it."""
    if isinstance(failure, JsonSchemaError) and case.operation.path in WRONG_IN_THE_DOCUMENT:
        return False
    if not isinstance(failure, RejectedPositiveData):
        return True
    return not is_beyond_schemas(response.json(), case.headers or {})


def is_beyond_schemas(problem: Mapping[str, Any], headers: Mapping[str, Any]) -> bool:
    """Return whether a problem is that of a rule that no schema says, in each of its places."""
    if problem.get("code") in BEYOND_SCHEMAS:
        return True
    if problem.get("code") != "malformed":
        return False
    errors = problem.get("errors", [])
    if not errors:
        return not HEADERS_BEYOND_SCHEMAS.isdisjoint(name.lower() for name in headers)
    return all((each["code"], each["detail"]) in FIELDS_BEYOND_SCHEMAS for each in errors)


@schemathesis.serializer("application/offset+octet-stream")
def part(context: Any, value: Any) -> dict[str, Any]:
    """Send a part of a file as it is."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}
