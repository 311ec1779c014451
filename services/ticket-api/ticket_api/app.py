"""The wiring of ticket-api: its parts, its routes and middleware, its loops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.schemas import CONTRACT_VERSION
from docket_lifecycle.rules.packs import check_packs
from docket_runtime.clock import Clock
from docket_runtime.database import Database, reachable
from docket_runtime.files import Files
from docket_runtime.loops import Loop, running
from docket_runtime.metrics.requests import SERVED
from docket_runtime.process import health, probes
from docket_runtime.settings import Settings
from docket_runtime.store import command_records
from docket_runtime.store.append import Appender
from docket_runtime.store.history import HistoryReader
from docket_runtime.store.values import CommandRecord
from docket_runtime.unavailable import Unavailable
from ticket_api.accounts import routes as account_routes
from ticket_api.analysis import routes as analysis_routes
from ticket_api.analysis.pool import AnalysisPool
from ticket_api.attachments import routes as attachment_routes
from ticket_api.attachments import upload_routes
from ticket_api.attachments.receiving import Receiving
from ticket_api.attachments.upkeep import Upkeep
from ticket_api.audit import access_routes, proof_routes
from ticket_api.audit import routes as audit_routes
from ticket_api.auth import revocation_routes, revocations
from ticket_api.auth.access_audit import AccessAudit
from ticket_api.auth.access_log import AccessLog
from ticket_api.auth.keys import FetchedKeys, KeyRefresh
from ticket_api.auth.revocations import Revocations
from ticket_api.auth.tokens import load_tokens
from ticket_api.commands import action_routes, bounce_routes, release_routes
from ticket_api.commands import routes as command_routes
from ticket_api.commands.first_answers import FirstAnswers
from ticket_api.commands.product_releases import load_releases
from ticket_api.commands.request import KeyOf010
from ticket_api.commands.ticket_numbers import TicketNumbers
from ticket_api.commands.transact import CommandHandler
from ticket_api.console import routes as console
from ticket_api.history import routes as history_routes
from ticket_api.http.faults import FAULTS
from ticket_api.http.head_method import HeadMethod
from ticket_api.http.limits import Limits
from ticket_api.http.observation import Observation
from ticket_api.http.rates import Rates
from ticket_api.http.requests import known_query
from ticket_api.http.runtime import Runtime, driver_of
from ticket_api.openapi import routes as openapi_routes
from ticket_api.openapi.document import document
from ticket_api.streams import routes as stream_routes
from ticket_api.streams.feed import POLL_S, Feed
from ticket_api.terms import routes as term_routes
from ticket_api.terms.asking import Simulations
from ticket_api.tickets import list_routes, notice_routes
from ticket_api.tickets import routes as ticket_routes
from ticket_api.tickets.reader import TicketReader
from ticket_api.tickets.stored_bytes import StoredBytes

SYNCHRONISE_S = 5.0
UPKEEP_S = 1.0
WAITS_S = 0.5
WRITES_S, FILES_S = 2.0, 15.0  # between two looks whether anything can be written, and files
NEXT_NUMBERS = "select docket.next_numbers()"
ROUTERS = (
    account_routes.router,
    list_routes.router,
    ticket_routes.router,
    notice_routes.router,
    bounce_routes.router,
    action_routes.router,
    release_routes.router,
    history_routes.router,
    audit_routes.router,
    access_routes.router,
    proof_routes.router,
    attachment_routes.router,
    upload_routes.router,
    revocation_routes.router,
    stream_routes.router,
    term_routes.router,
    analysis_routes.router,
    openapi_routes.router,
)
"""The order is that of the paths in the OpenAPI document."""

log = structlog.get_logger()


def build(settings: Settings) -> FastAPI:
    """Return the application; it opens its connections when it starts. Raises BadPack."""
    check_packs()
    database = Database.of(settings, "ticket-api")
    engine, clock = database.engine(), Clock(settings.warp)
    feed, files = Feed(database), Files(settings.files_url)
    revoked = Revocations(engine, settings.token_life_s)
    issuer = FetchedKeys(settings.jwks_url) if settings.jwks_url else None
    loops = [
        Loop("feed", feed.step, idle_s=POLL_S),
        Loop("revocations", revoked.step, idle_s=revocations.POLL_S),
        Loop("clock", lambda: _synchronise(clock, engine), idle_s=SYNCHRONISE_S),
    ]
    keeping = [Loop("files", lambda: app.state.upkeep.step(), idle_s=UPKEEP_S)]

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await _wait_for(engine)
        await _synchronise(clock, engine)
        await revoked.step()
        if issuer is not None:
            await issuer.step()
        async with _parts(app, settings, database, engine, clock):
            app.state.tokens = load_tokens(settings, issuer, revoked.covers)
            async with running([*loops, *keeping]):
                yield

    app = FastAPI(
        title="Docket ticket-api",
        version=CONTRACT_VERSION,
        lifespan=lifespan,
        dependencies=[Depends(known_query)],
        exception_handlers=FAULTS,
        redirect_slashes=False,
        openapi_url=None,  # openapi_routes has it, with an ETag; its pages would need a network
        # /metrics is ours; otherwise FastAPI checks at every request whether another is configured
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.feed, app.state.files, app.state.revocations = feed, files, revoked
    app.state.receiving = Receiving(settings)
    app.state.rates, app.state.asking = Rates(settings), set[str]()
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way
    app.router.routes.extend(command_routes.ROUTES)
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.extend(console.ROUTES)
    app.add_middleware(AccessAudit)
    checks = {
        "database": lambda: _reached(engine),
        "migrations": lambda: _unprepared(engine),
        "appends": probes.seldom(lambda: app.state.appender.check(), every_s=WRITES_S),
        "loops": probes.heartbeats(loops),
    }
    if issuer is not None:
        loops.append(Loop("keys", issuer.step))
        checks["keys"] = issuer.check
        app.add_middleware(KeyRefresh, keys=issuer)
    # a file store that is down delays files; the log goes on, so we stay ready
    shown = {
        "files": probes.heartbeats(keeping),
        "file_store": probes.seldom(files.check, every_s=FILES_S),
    }
    app.state.loops = [*loops, *keeping]
    app.router.routes.extend(
        probes.routes("ticket-api", checks, shown, loops=app.state.loops, figures=SERVED)
    )
    app.add_middleware(HeadMethod)
    app.add_middleware(Limits, settings=settings)
    app.add_middleware(Observation, settings=settings)
    return app


@asynccontextmanager
async def _parts(
    app: FastAPI, settings: Settings, database: Database, engine: AsyncEngine, clock: Clock
) -> AsyncIterator[None]:
    """Set the parts of the service on the application's state, and close them at the end."""

    async def find_of_010(partition: int, key: KeyOf010) -> CommandRecord | None:
        async with driver_of(engine) as connection:
            return await command_records.find_before_0012(connection, partition, key.scope, key.key)

    async with driver_of(engine) as connection:
        some_of_010 = await command_records.any_before_0012(connection)
    partitions = await _number(engine, "select partitions from docket.log_meta")
    histories, appender = HistoryReader(database), Appender(database)
    reader = TicketReader(histories, partitions, engine)
    records = command_records.CommandRecords(database)
    first = FirstAnswers(reader, records, find_of_010 if some_of_010 else None)
    handler = CommandHandler(reader, clock, appender, first)
    state = app.state
    state.runtime = Runtime(clock, engine, settings, partitions)
    state.histories, state.reader, state.handler = histories, reader, handler
    state.appender = appender
    state.upkeep = Upkeep(
        engine, state.files, reader, handler, idle_hours=settings.upload_idle_hours
    )
    state.stored_bytes = stored = StoredBytes(engine, partitions, settings.account_bytes)
    state.pool = pool = AnalysisPool(database, patience_s=settings.analysis_s)
    state.simulations = simulations = Simulations(settings)
    state.releases = load_releases(settings.releases)
    state.access_log = access_log = AccessLog(database)
    state.numbers = TicketNumbers(lambda: _number(engine, NEXT_NUMBERS))
    try:
        yield
    finally:
        await appender.close()
        await records.close()
        await histories.close()
        state.feed.close()
        await stored.close()
        pool.close()
        simulations.close()
        await access_log.close()
        await engine.dispose()


async def _synchronise(clock: Clock, engine: AsyncEngine) -> bool:
    async with driver_of(engine) as connection:
        await clock.synchronise(connection)
    return False


async def _number(engine: AsyncEngine, query: str) -> int:
    with reachable():
        async with engine.begin() as connection:
            return int((await connection.execute(text(query))).scalar_one())


async def _wait_for(engine: AsyncEngine) -> None:
    """Wait until the database answers, as the other services do."""
    said = None
    while (reason := await _reached(engine)) is not None:
        if said is None:
            log.warning("waiting_for_the_database", reason=reason)
        said = reason
        await asyncio.sleep(WAITS_S)


async def _reached(engine: AsyncEngine) -> str | None:
    try:
        await _number(engine, "select 1")
    except Unavailable as unavailable:
        return str(unavailable)
    return None


async def _unprepared(engine: AsyncEngine) -> str | None:
    async with driver_of(engine) as connection:
        return await health.unprepared(connection)
