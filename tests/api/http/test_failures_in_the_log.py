"""Every answer by which we failed is in the log with its reason; its trace id finds it (O-4)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from structlog.testing import capture_logs

from ticket_api.app import build
from ticket_api.http.plain_route import PlainRoute
from ticket_api.http.problems import Problem

ADDRESS = "ann@example.org"
"""Stands in the texts of the faults that we make, and in none of the lines."""


@contextmanager
def logged() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


def failure_of(lines, answer):
    """Return the one line of a failure under the trace id that the caller was given."""
    trace_id = answer.json()["trace_id"]
    assert answer.headers["x-request-id"] == trace_id
    found = [line for line in lines if line.get("trace_id") == trace_id]
    (failure,) = (line for line in found if line["event"] == "request_failed")
    (request,) = (line for line in found if line["event"] == "request")
    assert (failure["status"], failure["code"]) == (answer.status_code, answer.json()["code"])
    assert (request["status"], request["code"]) == (failure["status"], failure["code"])
    assert failure["log_level"] == ("warning" if answer.status_code == 503 else "error")
    assert ADDRESS not in str(found)
    return failure


async def as_superuser(database, *statements):
    connection = await asyncpg.connect(database.url())
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_a_revoked_grant_is_an_error_that_names_what_is_denied(ann, database) -> None:
    await as_superuser(
        database,
        "revoke execute on function docket.append_batch from docket_ticket_api",
    )

    with logged() as lines:
        answer = await ann.post(
            "/v1/tickets", {"product": "VMmanager 6", "subject": "x", "description": ADDRESS}
        )

    failure = failure_of(lines, answer)
    assert (failure["status"], failure["route"]) == (500, "/v1/tickets")
    assert failure["exception"] == "InsufficientPrivilegeError"
    assert "permission denied for function append_batch" in failure["reason"]
    assert any(place.startswith("docket_runtime.store.append:") for place in failure["where"])


async def test_exhausted_connections_are_a_warning_that_says_so(ann, max_, database) -> None:
    ticket = await ann.create()
    await as_superuser(
        database,
        "alter role docket_ticket_api connection limit 0",
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where usename = 'docket_ticket_api' and datname = current_database()",
    )
    try:
        with logged() as lines:
            answers = [await max_.tell(ticket, "note", text=ADDRESS) for _ in range(3)]
    finally:
        await as_superuser(database, "alter role docket_ticket_api connection limit -1")

    failure = failure_of(lines, answers[-1])
    assert (failure["status"], failure["route"]) == (503, "/v1/tickets/{ticket_id}/note")
    assert "53300 too many connections for role" in failure["reason"]


async def test_a_database_that_is_away_is_a_warning_with_what_the_system_said(
    settings, own_database, signer
) -> None:
    away = settings.model_copy(update={"database_url": own_database.url("docket_ticket_api")})
    app = build(away)
    async with app.router.lifespan_context(app), calling(app) as http:
        own_database.stop()
        token = {"Authorization": f"Bearer {signer.token('agent', 'max')}"}
        with logged() as lines:
            answers = [await http.get("/v1/tickets", headers=token) for _ in range(2)]
        own_database.start()

    failure = failure_of(lines, answers[-1])
    assert failure["exception"] == "Unavailable"
    assert "Connect call failed" not in failure["reason"]  # it has the address
    assert "ConnectionRefusedError: Connection refused" in failure["reason"]


async def test_an_access_that_cannot_be_recorded_says_which_grant_is_missing(
    ann, max_, database
) -> None:
    ticket = await ann.create()
    await as_superuser(
        database, "revoke execute on function docket.append_access from docket_ticket_api"
    )

    with logged() as lines:
        answer = await max_.get(f"/v1/tickets/{ticket['id']}/events")

    failure = failure_of(lines, answer)
    assert failure["status"] == 503
    assert "permission denied for function append_access" in failure["reason"]


async def test_a_mistake_of_ours_is_found_by_its_place_and_says_nobodys_words(app, http) -> None:
    answers_with(app, "/v1/broken/{ticket_id}", fails(KeyError(ADDRESS)))

    with logged() as lines:
        answer = await http.get("/v1/broken/1")

    failure = failure_of(lines, answer)
    assert (failure["status"], failure["code"]) == (500, "fault")
    assert (failure["exception"], failure["reason"]) == ("KeyError", "KeyError")
    assert failure["route"] == "/v1/broken/{ticket_id}"
    assert failure["where"][-1].startswith("ticket_api.")


async def test_a_value_that_the_database_refuses_is_told_by_its_place_alone(app, http) -> None:
    refused = asyncpg.UniqueViolationError(f"Key (email)=({ADDRESS}) already exists.")
    refused.table_name, refused.constraint_name = "people", "people_pkey"
    answers_with(app, "/v1/broken", fails(refused))

    with logged() as lines:
        failure = failure_of(lines, await http.get("/v1/broken"))

    assert failure["reason"] == "UniqueViolationError: 23505 people people_pkey"


async def test_what_a_route_answers_by_itself_has_its_reason_too(app, http) -> None:
    answers_with(app, "/v1/broken", fails(Problem(502, "evidence_mismatch", "file 7 is another")))

    with logged() as lines:
        failure = failure_of(lines, await http.get("/v1/broken"))

    assert (failure["status"], failure["reason"]) == (502, "file 7 is another")


async def test_a_page_of_the_console_leaves_its_reason_too(app, http, signer) -> None:
    class Busy:
        def forecast(self, *_: object) -> None:
            raise Problem(503, "busy", "other long questions are under way; ask again")

    app.state.pool.close()
    app.state.pool = Busy()
    http.cookies.set("docket_console", signer.token("agent", "max"))
    with logged() as lines:
        answer = await http.get("/console/forecast")

    assert answer.status_code == 503
    (failure,) = (line for line in lines if line["event"] == "request_failed")
    assert failure["trace_id"] == answer.headers["x-request-id"]
    assert failure["reason"] == "other long questions are under way; ask again"
    assert failure["route"] == "/console/forecast"


async def test_what_takes_too_long_says_how_long(settings) -> None:
    async def wait(_: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    app = build(settings.model_copy(update={"request_s": 0.05}))
    answers_with(app, "/v1/slow", wait)
    async with app.router.lifespan_context(app), calling(app) as http:
        with logged() as lines:
            failure = failure_of(lines, await http.get("/v1/slow"))

    assert (failure["status"], failure["code"]) == (503, "took_too_long")
    assert "no answer within 0.05 s" in failure["reason"]


async def test_an_answer_that_breaks_off_leaves_its_line_and_no_words(app, http) -> None:
    async def halves():
        yield b"half"
        raise ValueError(ADDRESS)

    async def half(_: Request) -> Response:
        return StreamingResponse(halves())

    answers_with(app, "/v1/half", half)
    with logged() as lines:
        await http.get("/v1/half")

    (failure,) = (line for line in lines if line["event"] == "request_failed")
    assert (failure["exception"], failure["route"]) == ("ValueError", "/v1/half")
    assert ADDRESS not in str(lines)


async def test_refusals_of_the_caller_are_no_failures_of_ours(ann, eve) -> None:
    ticket = await ann.create()

    with logged() as lines:
        assert (await eve.get(f"/v1/tickets/{ticket['id']}")).status_code == 404

    assert [line["event"] for line in lines] == ["request"]


def fails(fault: Exception):
    async def route(_: Request) -> Response:
        raise fault

    return route


def answers_with(app: FastAPI, path: str, endpoint: Any) -> None:
    """Let an application have a route that only this test knows."""
    app.router.routes.insert(0, PlainRoute(path, endpoint))


def calling(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://docket")
