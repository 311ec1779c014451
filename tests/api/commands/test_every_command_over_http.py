"""Every command over HTTP: each of its answers, repeated, and racing with another.

The rows are those of the table of the rules; a command that a pack grants and that has no row fails
`test_C_35_the_table_has_every_command_that_the_pack_grants_and_no_other`. That HTTP answers as the
rules do, in whatever phase and under either pack, is held by `test_rules_and_service_agree`: so an
answer is met once a verb and pack here, and what HTTP alone does once a verb.
"""

from dataclasses import replace
from typing import Any, get_type_hints

import httpx
import msgspec
import pytest
from calls import Call, call_of
from pydantic import ValidationError
from timed_api import TimedApi

from docket_events.codec import type_of
from docket_events.recorded import Actor, Fact
from docket_events.ticket import ContentRef
from docket_lifecycle import commands
from docket_lifecycle.commands import OnTicket
from docket_lifecycle.refused import Refused
from docket_policies.terms.policy import Policy
from every_command import BEGIN, NOW, OK, TABLE, TERMS, WAYS, Row
from people import ANN, OLGA, text
from sentences import Given
from ticket_api.commands.bodies import TICKET_BODIES

NOTE = commands.Note(text("for us"))
REVOKE = commands.Revoke()
VERBS = {row.verb: row for row in reversed(TABLE)}
every_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.pack} {row.verb}")
every_verb = pytest.mark.parametrize("row", VERBS.values(), ids=VERBS)


@pytest.fixture(autouse=True)
def _noon_of_tuesday(api: TimedApi) -> None:
    api.clock.at = NOW


def workable(row: Row) -> Given:
    """Return the first history of the row in which its command is accepted."""
    phase = next(p for p, said in zip(WAYS[row.pack], row.comes_to, strict=True) if said == OK)
    return row.in_phase(phase)


def said(answer: httpx.Response) -> tuple[int, str, str]:
    if answer.status_code == 200:
        return 200, OK, ""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, problem["code"], problem["clause"]


@every_row
def test_every_answer_to_a_command_over_http(api: TimedApi, row: Row) -> None:
    phases = dict(zip(reversed(row.comes_to), reversed(WAYS[row.pack]), strict=True))
    for expected, phase in phases.items():
        before = row.in_phase(phase)
        ticket = api.past(before.history)

        answer = api.give(call_of(row.by, ticket, row.command))

        history = api.history(ticket)
        if expected == OK:
            assert said(answer) == (200, OK, "")
            (happened,) = before.when(row.command, at=NOW, by=row.by).answer
            assert history[-1].type == type_of(happened)
            assert (history[-1].actor, history[-1].occurred_at) == (row.by, NOW)
            assert len(history) == answer.json()["version"] == len(before.history) + 1
            assert answer.headers["etag"] == f'"{len(history)}"'
        else:
            assert said(answer) == (409, *expected.split())
            assert len(history) == len(before.history)


@every_verb
def test_what_belongs_to_one_side_is_403_for_the_other_with_the_clause(
    api: TimedApi, row: Row
) -> None:
    before = workable(row)
    ticket = api.past(before.history)

    answer = api.give(call_of(row.not_for, ticket, row.command))

    clause = before.terms.capabilities[row.verb].clause
    assert said(answer) == (403, "actor_not_entitled", clause)
    assert len(api.history(ticket)) == len(before.history)


@pytest.mark.parametrize("terms", TERMS.values(), ids=lambda terms: terms.letter)
def test_C_35_what_a_pack_does_not_grant_is_refused_with_the_clause(
    api: TimedApi, terms: Policy
) -> None:
    ticket = api.past(BEGIN[terms.letter])
    absent = [verb for verb in TICKET_BODIES if verb not in terms.capabilities]
    assert absent

    for verb in absent:
        body = TICKET_BODIES[verb].example
        for by in (ANN, OLGA):
            answer = api.give(Call(by, ticket, verb, body))
            if answer.status_code == 404:  # a merge names tickets that do not exist
                continue
            assert said(answer) == (409, "not_in_pack", terms.absence(verb)), verb
    assert len(api.history(ticket)) == len(BEGIN[terms.letter])


@every_verb
def test_a_repeated_command_gets_its_first_answer_and_another_body_is_422(
    api: TimedApi, row: Row
) -> None:
    ticket = api.past(workable(row).history)
    call = call_of(row.by, ticket, row.command, key=f"{row.pack}-{row.verb}")

    first, *again = [api.give(call), *api.give_at_once(call, call)]
    length = len(api.history(ticket))
    another = api.give(changed(call, row.command))

    assert "idempotent-replayed" not in first.headers
    for answer in again:
        assert (answer.status_code, answer.content) == (200, first.content)
        assert answer.headers["etag"] == first.headers["etag"]
        assert answer.headers["idempotent-replayed"] == "true"
    assert another.status_code == 422
    assert another.json()["code"] == "idempotency_key_reused"
    assert len(api.history(ticket)) == length == first.json()["version"]


def changed(call: Call, command: OnTicket) -> Call:
    """Return another request under the same key: other words, or else another command."""
    for name, kind in get_type_hints(type(command)).items():
        if kind in (str, str | None, ContentRef, ContentRef | None):
            said = "text" if name == "content" else name
            for other in ("something else", "something-else"):  # a text, or what has a form
                body = {**call.body, said: other}
                if _is_well_said(call.verb, body):
                    return replace(call, body=body)
    return replace(call, verb="comment" if call.by == ANN else "note", body={"text": "else"})


def _is_well_said(verb: str, body: dict[str, Any]) -> bool:
    try:
        TICKET_BODIES[verb].model_validate_json(msgspec.json.encode(body))
    except ValidationError:
        return False
    return True


@every_verb
def test_of_several_on_the_same_version_exactly_one_wins(api: TimedApi, row: Row) -> None:
    before = workable(row)
    version = len(before.history)
    mine = call_of(row.by, api.past(before.history), row.command, if_match=version)
    note = call_of(OLGA, mine.ticket, NOTE, if_match=version)

    answers = api.give_at_once(mine, mine, note, mine)

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    (won,) = (answer for answer in answers if answer.status_code == 200)
    assert len(api.history(mine.ticket)) == version + 1 == won.json()["version"]
    for lost in (answer for answer in answers if answer is not won):
        assert (lost.json()["code"], lost.headers["etag"]) == (
            "version_conflict",
            f'"{version + 1}"',
        )


@every_verb
def test_two_at_once_without_a_version_are_decided_one_after_the_other(
    api: TimedApi, row: Row
) -> None:
    """Against the same command, and against the user who takes the ticket back."""
    before = workable(row)
    for rival, by in ((row.command, row.by), (REVOKE, ANN)):
        mine, other = (row.command, row.by), (rival, by)
        ticket = api.past(before.history)

        answers = api.give_at_once(*(call_of(who, ticket, what) for what, who in (mine, other)))

        types = tuple(each.type for each in api.history(ticket)[len(before.history) :])
        came = (*(said(answer) for answer in answers), types)
        assert came in (in_turn(before, mine, other), in_turn(before, other, mine, turned=True))


def in_turn(
    before: Given, *given: tuple[OnTicket, Actor], turned: bool = False
) -> tuple[object, ...]:
    """Return what the rules say to commands one after the other, and the types of their events."""
    answers: list[tuple[int, str, str]] = []
    types: list[str] = []
    for command, by in given:
        answer = before.when(command, at=NOW, by=by).answer
        if isinstance(answer, Refused):
            answers.append((409, answer.code, answer.clause))
        else:
            answers.append((200, OK, ""))
            types += map(type_of, answer)
            before = Given((*before.history, *(Fact(event, NOW) for event in answer)))
    return (*(reversed(answers) if turned else answers), tuple(types))
