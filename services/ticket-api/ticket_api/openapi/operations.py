"""The operations of the commands: one for every verb, with the refusals that the rules give."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from ticket_api.commands.routes import UNBOUNDED
from ticket_api.http.body_docs import json_request
from ticket_api.http.fields import Body
from ticket_api.http.problem_docs import (
    CODES,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    PROBLEMS,
    headers,
    problem,
    problems,
)

TICKET_ID = {
    "name": "ticket_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}

OF_A_KEY = ("malformed_idempotency_key", "idempotency_key_reused")

Refusals = Mapping[str, Mapping[str, list[str]]]
"""Status -> code -> the clauses it may rest on."""


@cache
def refusals() -> Mapping[str, Refusals]:
    """Return by verb what the rules of all packs may refuse, as `make docs` recorded it."""
    raw = (files(__package__) / "refusals.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, dict[str, dict[str, list[str]]]])


def operation(verb: str, body: type[Body]) -> dict[str, Any]:
    """Return the documentation of a command."""
    created = verb == "create"
    shown = ("ETag", "Idempotent-Replayed", *(("Location",) if created else ()))
    done = {
        "description": "the ticket after the command",
        "headers": headers(*shown),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TicketState"}}},
    }
    return {
        "operationId": operation_id(verb),
        "summary": verb,
        "description": (body.__doc__ or verb).strip(),
        "tags": ["commands"],
        "parameters": [IDEMPOTENCY_KEY] if created else [TICKET_ID, IDEMPOTENCY_KEY, IF_MATCH],
        "requestBody": json_request(body, body.example),
        "responses": {"201" if created else "200": done, **_refused(verb, body)},
    }


def operation_id(verb: str) -> str:
    """Return the operation id of a verb."""
    return verb.replace("-", "_") + "_ticket" * (verb == "create")


def _refused(verb: str, body: type[Body]) -> dict[str, Any]:
    carries = "attachments" in body.model_fields
    own = {409: ("attachment_incomplete",), 422: ("unknown_attachment",)} if carries else {}
    stored = ("account_quota_exceeded",) if verb in ("create", *UNBOUNDED) else ()
    of_us = {413: stored, 422: (*OF_A_KEY, *own.get(422, ()))}
    responses = problems(401, 413, 415, 503, codes=of_us)
    if verb != "create":
        responses |= problems(404, 412)
    for status, codes in refusals().get(verb, {}).items():
        number = int(status)
        known = (*codes, *CODES[number], *own.get(number, ()))
        responses[number] = problem(number, known, _described(number, codes))
    return {str(status): responses[status] for status in sorted(responses, key=int)}


def _described(status: int, codes: Mapping[str, list[str]]) -> str:
    """Return what a status says, with each code and the clauses it may rest on."""
    listed = (f"* `{code}` ({', '.join(clauses)})" for code, clauses in sorted(codes.items()))
    return "\n".join([PROBLEMS[status], "", *listed])
