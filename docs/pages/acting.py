"""What the system does about a clause: refuses, counts, tells, or only answers questions.

It is taken from where the clause is named: in the recorded refusals of commands, in what the clock
and the deadlines are made of, in what people are shown and written. A clause that only the rules of
eligibility name, and no refusal, changes nothing by itself.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pages.tracing import ROOT, implemented

REFUSALS = ROOT / "services/ticket-api/ticket_api/openapi/refusals.json"
PACKS = ROOT / "libs/policies/docket_policies/packs"

ROOMS: Mapping[str, str] = {
    "libs/policies/docket_policies/clock/": "counts",
    "libs/policies/docket_policies/deadlines/": "counts",
    "libs/policies/docket_policies/calendars/": "counts",
    "libs/policies/docket_policies/holidays/": "counts",
    "services/sla-clock/": "counts",
    "libs/lifecycle/docket_lifecycle/rules/": "records",
    "libs/lifecycle/docket_lifecycle/state/": "records",
    "libs/lifecycle/docket_lifecycle/commands/": "records",
    "libs/events/": "records",
    "services/ticket-api/ticket_api/auth/": "refuses",
    "services/notifier/": "tells",
    "services/ticket-api/": "tells",
    "libs/audit/": "tells",
    "libs/export/": "tells",
}
"""What a room of the code does with a clause that it names; the first that fits counts."""

TABLES: Mapping[str, str] = {
    "targets": "counts",
    "offers": "counts",
    "teams": "counts",
    "states": "counts",
    "turn_starts": "counts",
    "information_window": "counts",
    "objection_window": "counts",
    "auto_close": "counts",
    "initial_priority": "counts",
    "erasure": "erases",
    "phases": "refuses",
    "refusals": "refuses",
    "absent": "refuses",
    "capabilities": "refuses",
    "closing_reasons": "records",
    "rejection_reasons": "records",
    "extensions": "records",
    "excuses": "records",
    "tags": "tells",
    "after_access": "tells",
    "criteria": "tells",
}
"""What comes of a table of an edition's data that names a clause."""

ORDER = ("refuses", "counts", "records", "erases", "tells")
ANSWERS = "only answers"


def does(clause_id: str) -> str:
    """Return what the system does about an implemented clause, in the order of ORDER."""
    found = {*_refused(clause_id), *_rooms(clause_id), *_tabled().get(clause_id, ())}
    return ", ".join(word for word in ORDER if word in found) or ANSWERS


def _rooms(clause_id: str) -> Iterator[str]:
    for file in implemented().get(clause_id, ()):
        for room, word in ROOMS.items():
            if file.startswith(room):
                yield word
                break


def _refused(clause_id: str) -> Sequence[str]:
    return ("refuses",) if clause_id in refusing() else ()


@cache
def refusing() -> frozenset[str]:
    """Return the clauses and readings that a refusal of a command may name."""
    recorded = json.loads(REFUSALS.read_text(encoding="utf-8"))
    return frozenset(
        clause
        for statuses in recorded.values()
        for codes in statuses.values()
        for clauses in codes.values()
        for clause in clauses
    )


@cache
def _tabled() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in sorted([*PACKS.glob("*/*.toml"), *PACKS.glob("*/*/criteria.toml")]):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        for table, word in TABLES.items():
            for clause in _named(data.get(table)):
                found.setdefault(clause, set()).add(word)
    return found


def _named(data: Any) -> Iterator[str]:
    """Yield every text of a table, and every name: clauses are among them."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from data
        for value in data.values():
            yield from _named(value)
    elif isinstance(data, list):
        for value in data:
            yield from _named(value)
