"""Whatever a person typed can be erased: a canary in every string of every body, and then none.

The fields are those of the OpenAPI document of today, so a new one is tried by itself. A field has
room for a person's words, and they are beside the log, or its form refuses them.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
from calls import Call, call_of
from timed_api import TimedApi

from docket_audit.event_refs import reason_of
from docket_events.recorded import Actor
from docket_lifecycle.commands import verb_of
from docket_runtime.bus.relay import to_message
from docket_runtime.store.tail import read_stored
from every_command import NOW, OK, TABLE, WAYS, Row
from people import ANN, OLGA, PIA
from ticket_api.accounts.bodies import ACCOUNT_BODIES
from ticket_api.commands.bodies import TICKET_BODIES, CreateBody

WORD = "Canary4711"
CANARY = f"{WORD} Example (+357 99 000000)"
AUDITOR = Actor("auditor", "vera")
BY_FORM = {
    "account_id",
    "agreement",
    "approver",
    "clause",
    "contact",
    "criteria",
    "edition",
    "email",
    "grounds",
    "kind",
    "license",
    "media_type",
    "on_behalf_of",
    "person",
    "plan",
    "plan_reference",
    "product_version",
    "reason of a list",
    "request",
    "requester_id",
    "sha256",
    "to",
    "version",
    "wait",
}
"""The fields whose form has no room for words; `product` is refused by the terms besides."""
LISTED = {"close", "reject", "excuse-breach"}
"""The verbs whose reason is one of the terms' list."""
WITH_DEFAULT = {"name": "a.log", "media_type": "text/plain", "size": 1, "sha256": "0" * 64}

VERBS = {row.verb: row for row in reversed(TABLE)}

Path = tuple[str | int, ...]


@pytest.fixture(autouse=True)
def _noon_of_tuesday(api: TimedApi) -> None:
    api.clock.at = NOW


def strings(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the place of each string in which somebody could type words."""
    if "$ref" in schema:
        schema = whole[schema["$ref"].rpartition("/")[2]]
    of_a_whole_body = "properties" in schema  # says what must be named
    for each in () if of_a_whole_body else schema.get("anyOf", ()):
        yield from strings(each, whole)
    if schema.get("type") == "string" and not schema.keys() & {"enum", "format", "const"}:
        yield ()
    for name, part in schema.get("properties", {}).items():
        yield from ((name, *path) for path in strings(part, whole))
    if "items" in schema:
        yield from ((0, *path) for path in strings(schema["items"], whole))


def of_body(body: type[Any]) -> list[Path]:
    schema = body.model_json_schema()
    return list(dict.fromkeys(strings(schema, schema.get("$defs", {}))))


def with_canary(body: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return a body that says the canary at a place, which it makes room for."""
    said = deepcopy(dict(body))
    inside: Any = said
    for step, following in zip(path, (*path[1:], None), strict=True):
        if following is None:
            if isinstance(step, int):
                inside[:] = [CANARY]
            else:
                inside[step] = CANARY
            return said
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if not inside:
                inside.append(dict(WITH_DEFAULT) if "attachments" in path else empty)
            inside = inside[0]
        else:
            if not inside.get(step):
                inside[step] = {"email": "ann@acme.example"} if step == "contact" else empty
            elif isinstance(inside[step], tuple):
                inside[step] = list(inside[step])
            inside = inside[step]
    raise AssertionError("a path has a step")


def form_of(verb: str, path: Path) -> str:
    name = next(step for step in reversed(path) if isinstance(step, str))
    return "reason of a list" if name == "reason" and verb in LISTED else name


def workable(row: Row) -> Any:
    phase = next(p for p, said in zip(WAYS[row.pack], row.comes_to, strict=True) if said == OK)
    return row.in_phase(phase)


def found_in(api: TimedApi) -> dict[str, int]:
    """Return by table how many rows hold the canary, as text or as bytes."""
    tables = api.rows("select tablename from pg_tables where schemaname = 'docket' order by 1")
    found = {
        name: api.rows(
            f"select count(*) from docket.{name} as t where t::text like any ($1)",
            [f"%{WORD}%", f"%{WORD.encode().hex()}%"],
        )[0][0]
        for (name,) in tables
    }
    return {name: count for name, count in found.items() if count}


def tried(api: TimedApi, row: Row) -> tuple[list[UUID], set[str], set[str]]:
    """Say the canary in each field of a command; return tickets, fields that take and refuse it."""
    body, tickets, taken, refused = TICKET_BODIES[row.verb], list[UUID](), set[str](), set[str]()
    for path in of_body(body):
        ticket = api.past(workable(row).history)
        usual = call_of(row.by, ticket, row.command)
        answer = api.give(
            Call(
                row.by,
                ticket,
                row.verb,
                with_canary(usual.body, path),
                key=f"{row.pack} {row.verb} {path}",
            )
        )
        if answer.status_code == 200:
            taken.add(form_of(row.verb, path))
            tickets.append(ticket)
        else:
            assert answer.status_code in (403, 422), (path, answer.text)
            refused.add(form_of(row.verb, path))
    return tickets, taken, refused


@pytest.mark.parametrize("row", VERBS.values(), ids=VERBS)
def test_what_is_typed_into_a_command_can_be_erased_or_is_refused(api: TimedApi, row: Row) -> None:
    tickets, taken, refused = tried(api, row)

    assert refused <= BY_FORM
    assert not taken & BY_FORM
    assert set(found_in(api)) <= {"contents"}, "only the contents have what a person types"
    for ticket in tickets:
        for whose in ("ann", row.by.id):
            api.give(Call(PIA, ticket, "erase", {"person": whose, "why": "person_asked"}))
    assert found_in(api) == {}
    assert not left_in_answers(api, tickets)
    wrong = {fault.code for fault in api.faults()}
    assert wrong <= {"content_missing"}, "a made-up past refers to texts that nobody wrote"


def left_in_answers(api: TimedApi, tickets: list[UUID]) -> list[str]:
    """Return the answers about tickets that have the canary, whoever asks."""
    paths = [
        f"/v1/tickets/{ticket}{what}"
        for ticket in tickets
        for what in ("", "/events", "/replay", "/why", "/attachments")
    ]
    answers = [api.get(by, path) for path in paths for by in (ANN, OLGA)]
    return [answer.url.path for answer in answers if WORD in answer.text]


def test_what_is_typed_into_a_new_ticket_can_be_erased_or_is_refused(api: TimedApi) -> None:
    tickets, taken, refused = list[str](), set[str](), set[str]()
    service = Actor("service", "crm")
    for path in of_body(CreateBody):
        by = service if path == ("on_behalf_of",) else OLGA
        usual = {"product": "VMmanager 6", "account_id": "acme", "requester_id": "ann"}
        answer = api.create(by, with_canary(usual, path))
        form = form_of("create", path)
        if answer.status_code == 201:
            tickets.append(answer.json()["id"])
            taken.add(form)
        else:
            refused.add(form)
            assert answer.status_code in (403, 409, 422), answer.text

    assert refused - BY_FORM == {"product"}
    assert not taken & BY_FORM - {"plan"}
    assert {"subject", "description", "environment", "os", "name", "justification"} <= taken
    assert set(found_in(api)) <= {"contents"}
    for ticket in tickets:
        api.give(Call(PIA, UUID(ticket), "erase", {"person": "ann", "why": "person_asked"}))
    assert found_in(api) == {}
    assert not left_in_answers(api, [UUID(ticket) for ticket in tickets])


def test_what_leaves_has_no_words(api: TimedApi) -> None:
    """The bus, the log of the auditors, the exports: with nothing erased."""
    row = next(row for row in TABLE if row.verb == "prioritize")
    ticket = api.past(workable(row).history)
    body = with_canary(call_of(row.by, ticket, row.command).body, ("reason",))
    assert api.give(Call(row.by, ticket, row.verb, body)).status_code == 200

    events = api._runner.run(read_stored(api.log, 0, 0, 10_000))
    assert not [e for e in events if WORD.encode() in to_message(0, e).body]
    for how in ("jsonl", "csv", "xes", "ocel", "bundle", "icalendar"):
        answer = api.get(AUDITOR, f"/v1/audit/export?format={how}")
        assert WORD.encode() not in answer.content
    assert WORD not in api.get(AUDITOR, "/v1/audit/events").text
    assert all(WORD not in str(reason_of(each)) for each in api.history(ticket))
    api.give(Call(PIA, ticket, "erase", {"person": "ann", "why": "person_asked"}))


def test_every_verb_is_tried() -> None:
    assert {verb_of(row.command) for row in TABLE} | {"split", "merge"} == {*TICKET_BODIES}
    assert ACCOUNT_BODIES
