"""What schemathesis needs to ask a running ticket-api everything that its document promises.

Each operation is asked by somebody who may: by the role table and, for commands, by the terms. The
ids that it asks about are of things that are there.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docket_policies.terms.loader import policy
from ticket_api.auth.roles import table
from ticket_api.commands.bodies import TICKET_BODIES
from ticket_api.openapi.operations import operation_id

ASKING = ("customer", "agent", "product_team", "service", "privacy_officer", "auditor", "operator")
ANSWERED = ("2xx", 304, 403, 404, 409, 410, 412)
"""What a request that fits the document may meet: things change, and the terms refuse."""
REFUSED = (400, 401, 403, 404, 405, 409, 410, 412, 413, 414, 415, 416, 422, 431)
"""What a request that does not fit the document may meet."""

LISTENING_S = 0.5
"""As long as a stream without end is listened to."""

_TERMS = policy("regulations", "R-2025-03-27", "VMmanager 6")
_ENTITLED = {operation_id(verb): c.actors for verb, c in _TERMS.capabilities.items()}
_VERBS = {"create_ticket", *(operation_id(verb) for verb in TICKET_BODIES)}


def asking(name: str) -> str:
    """Return the role that asks an operation."""
    first = ASKING if name in _VERBS else (*ASKING[1:], ASKING[0])
    able = [role for role in first if role in table()[name]]
    return next((role for role in able if role in _ENTITLED.get(name, ASKING)), able[0])


def configuration(
    tokens: Mapping[str, str], ids: Mapping[str, Sequence[str]], examples: int
) -> str:
    """Return the configuration of schemathesis, TOML."""
    return "\n".join(_lines(tokens, ids, examples))


def _lines(
    tokens: Mapping[str, str], ids: Mapping[str, Sequence[str]], examples: int
) -> Iterator[str]:
    yield "continue-on-failure = true"
    yield "max-stream-events = 3"
    yield "request-timeout = 30"
    yield "[generation]"
    yield f"max-examples = {examples}"
    yield "deterministic = true"
    yield "no-shrink = true"
    yield "[checks.positive_data_acceptance]"
    yield f"expected-statuses = {_list(ANSWERED)}"
    yield "[checks.negative_data_rejection]"
    yield f"expected-statuses = {_list(REFUSED)}"
    yield "[checks.missing_required_header]"
    yield f"expected-statuses = {_list(REFUSED)}"
    for name, values in ids.items():
        yield f"[dictionaries.{name}]"
        yield f"values = {_list(values)}"
    yield "[parameters]"
    for name in ids:
        yield f'"path.{name}" = {{dictionary = "{name}", probability = 0.9}}'
    for name in table():
        yield "[[operations]]"
        yield f'include-operation-id = "{name}"'
        yield f'headers = {{Authorization = "Bearer {tokens[asking(name)]}"}}'
        if name.startswith("stream"):
            yield f"request-timeout = {LISTENING_S}"


def _list(values: Sequence[Any]) -> str:
    return (
        "["
        + ", ".join(f'"{each}"' if isinstance(each, str) else str(each) for each in values)
        + "]"
    )
