"""The wiring of ticket-api: which doors stand where, and how each fault looks from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import asyncpg
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from docket_runtime.clock import Clock
from docket_runtime.database import Database, is_out_of_reach, reachable
from docket_runtime.files import Files
from docket_runtime.loops import Loop, running
from docket_runtime.process import probes
from docket_runtime.settings import Settings
from docket_runtime.store import command_records
from docket_runtime.store.append import Appender
from docket_runtime.store.history import Histories
from docket_runtime.store.values import CommandRecord
from docket_runtime.unavailable import Unavailable
from ticket_api import (
    access_routes,
    account_routes,
    action_routes,
    attachment_routes,
    audit_routes,
    command_routes,
    contract_routes,
    list_routes,
    past_routes,
    problems,
    proof_routes,
    question_routes,
    simulation_routes,
    stream_routes,
    supposition_routes,
    upload_routes,
)
from ticket_api.access_log import AccessLog
from ticket_api.auth import load_tokens
from ticket_api.command import Commands
from ticket_api.console import routes as console
from ticket_api.doors import Doors
from ticket_api.feed import POLL_S, Feed
from ticket_api.heads import Heads
from ticket_api.judging import Judging
from ticket_api.keys import CatchUp, FetchedKeys
from ticket_api.limits import Limits
from ticket_api.numbers import Numbers
from ticket_api.openapi.whole import document
from ticket_api.problems import Problem
from ticket_api.requests import known_query
from ticket_api.upkeep import Upkeep
from ticket_api.watched import Watched

SYNCHRONISE_S = 5.0
UPKEEP_S = 1.0
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def build(settings: Settings) -> FastAPI:
    """Return the application; it opens its connections when it starts."""
    database = Database.of(settings, "ticket-api")
    engine = database.engine()
    clock = Clock(settings.warp)
    feed = Feed(database)
    issuer = FetchedKeys(settings.jwks_url) if settings.jwks_url else None
    loops = [
        Loop("feed", feed.step, idle_s=POLL_S),
        Loop("clock", lambda: _synchronise(clock, engine), idle_s=SYNCHRONISE_S),
    ]
    files = Files(settings.files_url)
    keeping = [Loop("files", lambda: app.state.doors.upkeep.step(), idle_s=UPKEEP_S)]

    async def find_record(partition: int, scope: str, key: str) -> CommandRecord | None:
        async with _driver(engine) as connection:
            return await command_records.find(connection, partition, scope, key)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        histories, appender = Histories(database), Appender(database)
        judging = Judging(database)
        app.state.access_log = access_log = AccessLog(database)
        await _synchronise(clock, engine)
        if issuer is not None:
            await issuer.step()
        partitions = await _number(engine, "select partitions from docket.log_meta")
        told = Commands(clock, histories, appender, find_record, partitions)
        app.state.doors = Doors(
            clock=clock,
            tokens=load_tokens(settings, issuer),
            histories=histories,
            commands=told,
            numbers=Numbers(lambda: _number(engine, "select nextval('docket.ticket_numbers')")),
            engine=engine,
            feed=feed,
            files=files,
            upkeep=Upkeep(engine, files, told, idle_hours=settings.upload_idle_hours),
            settings=settings,
            judging=judging,
        )
        try:
            async with running([*loops, *keeping]):
                yield
        finally:
            await appender.close()
            await histories.close()
            feed.close()
            judging.close()
            await access_log.close()
            await engine.dispose()

    app = FastAPI(
        title="Docket ticket-api",
        version=version("docket"),
        lifespan=lifespan,
        dependencies=[Depends(known_query)],
        redirect_slashes=False,
        openapi_url=None,  # contract_routes has it, with an ETag; its pages would need a network
        # /metrics is ours; whether somebody has configured another is asked at every request else
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way
    app.router.routes.extend(command_routes.ROUTES)
    app.include_router(account_routes.router)
    app.include_router(list_routes.router)
    app.include_router(question_routes.router)
    app.include_router(action_routes.router)
    app.include_router(past_routes.router)
    app.include_router(audit_routes.router)
    app.include_router(access_routes.router)
    app.include_router(proof_routes.router)
    app.include_router(attachment_routes.router)
    app.include_router(upload_routes.router)
    app.include_router(stream_routes.router)
    app.include_router(simulation_routes.router)
    app.include_router(supposition_routes.router)
    app.include_router(contract_routes.router)
    app.router.routes.extend(console.ROUTES)
    app.add_middleware(Watched)
    checks = {"database": lambda: _asked(engine), "loops": probes.heartbeats(loops)}
    if issuer is not None:
        loops.append(Loop("keys", issuer.step))
        checks["keys"] = issuer.check
        app.add_middleware(CatchUp, keys=issuer)
    # a file store that is down delays files; the log goes on, so we stay ready
    shown = {"files": probes.heartbeats(keeping)}
    app.router.routes.extend(probes.routes("ticket-api", checks, shown))
    app.add_middleware(Heads)
    app.add_middleware(Limits)
    for kind, answer in _FAULTS.items():
        app.add_exception_handler(kind, answer)
    return app


@asynccontextmanager
async def _driver(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    with reachable():
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None, "a connection that is checked out has its driver"
            yield driver


async def _synchronise(clock: Clock, engine: AsyncEngine) -> bool:
    async with _driver(engine) as connection:
        await clock.synchronise(connection)
    return False


async def _number(engine: AsyncEngine, query: str) -> int:
    with reachable():
        async with engine.begin() as connection:
            return int((await connection.execute(text(query))).scalar_one())


async def _asked(engine: AsyncEngine) -> str | None:
    try:
        await _number(engine, "select 1")
    except Unavailable as unavailable:
        return str(unavailable)
    return None


def _problem(request: Request, problem: Problem) -> Response:
    return problems.respond(problem, request.state.trace_id)


async def _on_problem(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)
    return _problem(request, fault)


async def _on_unavailable(request: Request, fault: Exception) -> Response:
    return _problem(request, problems.unavailable())


async def _on_fault(request: Request, fault: Exception) -> Response:
    if is_out_of_reach(fault):
        return _problem(request, problems.unavailable())
    return _problem(request, Problem(500, "fault", "this is our fault; the trace id finds it"))


async def _on_http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    code = problems.TITLES.get(fault.status_code, "problem").lower().replace(" ", "_")
    headers = dict(fault.headers or {})
    if fault.status_code == 405:
        headers["Allow"] = ", ".join(_allowed(request))
    problem = Problem(fault.status_code, code, str(fault.detail), headers=headers)
    return _problem(request, problem)


def _allowed(request: Request) -> list[str]:
    """Return the methods of every route of the path; the router names those of the first."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _on_malformed(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    return _problem(request, problems.malformed("the request", fault.errors()))


_FAULTS = {
    Problem: _on_problem,
    Unavailable: _on_unavailable,
    OSError: _on_fault,
    asyncpg.PostgresError: _on_fault,
    asyncpg.InterfaceError: _on_fault,
    RequestValidationError: _on_malformed,
    HTTPException: _on_http,
    Exception: _on_fault,
}
