"""Whatever a person typed can be erased: a canary in every string of every body, and then none.

The fields are those of the OpenAPI document of today, so a new one is tried by itself. A field has
room for a person's words, and they are beside the log, or its form refuses them.
"""

from typing import Any
from uuid import UUID

import pytest
from calls import Call, call_of
from canaries import (
    BY_FORM,
    WORD,
    form_of,
    found_in,
    of_body,
    on_the_bus,
    with_canary,
)
from timed_api import TimedApi

from docket_audit.event_refs import reason_of
from docket_events.recorded import Actor
from docket_lifecycle.commands import verb_of
from every_command import NOW, OK, TABLE, WAYS, Row
from people import ANN, OLGA, PIA
from ticket_api.commands.bodies import TICKET_BODIES, CreateBody

AUDITOR = Actor("auditor", "vera")
VERBS = {row.verb: row for row in reversed(TABLE)}


@pytest.fixture(autouse=True)
def _noon_of_tuesday(api: TimedApi) -> None:
    api.clock.at = NOW


def workable(row: Row) -> Any:
    phase = next(p for p, said in zip(WAYS[row.pack], row.comes_to, strict=True) if said == OK)
    return row.in_phase(phase)


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
    assert on_the_bus(api) == []
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

    assert on_the_bus(api) == []
    for how in ("jsonl", "csv", "xes", "ocel", "bundle", "icalendar"):
        answer = api.get(AUDITOR, f"/v1/audit/export?format={how}")
        assert WORD.encode() not in answer.content
    assert WORD not in api.get(AUDITOR, "/v1/audit/events").text
    assert all(WORD not in str(reason_of(each)) for each in api.history(ticket))
    api.give(Call(PIA, ticket, "erase", {"person": "ann", "why": "person_asked"}))


def test_every_verb_is_tried() -> None:
    assert {verb_of(row.command) for row in TABLE} | {"split", "merge"} == {*TICKET_BODIES}
