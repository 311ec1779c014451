"""ticket-api in this process whose present is what the test says, with the log open beside it.

The past of a ticket is written into the log as its facts; what is asked comes over HTTP. Every call
returns when it is done, so that a test, or a machine of hypothesis, goes on step by step.
"""

from asyncio import Runner, create_task, gather, sleep
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import asyncpg
import httpx
import msgspec
import uvicorn
from calls import ACCOUNT, Call
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OKPKey

from docket_events.ids import in_partition, partition_of_ticket
from docket_events.recorded import Actor, Fact, Recorded
from docket_events.ticket import TicketCreated
from docket_lifecycle.state.fold import fold
from docket_proof.check import Fault
from docket_runtime.clock import Clock, wall_clock
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.proof.verification import verify_log
from docket_runtime.settings import Settings
from docket_runtime.store.append import append_on
from docket_runtime.store.history import read_many
from docket_runtime.store.values import Append, Appended, NewEvent, StreamAppend
from stopped_clock import UNHURRIED
from surroundings import Database as Stored
from ticket_api.app import build
from unlimited import UNLIMITED

NOTIFIER = Actor("service", "notifier")


class Standing(Clock):
    """A present that stands where it was put."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2026, 6, 8, 9, tzinfo=UTC)

    async def synchronise(self, connection: object) -> None:
        """Ask nobody."""

    def now(self) -> datetime:
        return self.at


class TimedApi:
    """The service as its callers meet it, one call after the other or several at once."""

    def __init__(self, runner: Runner, key: OKPKey) -> None:
        self._runner = runner
        self._key = key
        self._tokens: dict[tuple[Actor, str], str] = {}
        self.clock = Standing()
        self.http: httpx.AsyncClient
        self.log: asyncpg.Connection

    def give(self, call: Call) -> httpx.Response:
        """Give a command and return its answer."""
        return self._runner.run(self._given(call))

    def give_at_once(self, *calls: Call) -> list[httpx.Response]:
        """Give commands at the same time; return their answers in the order of the calls."""

        async def together() -> list[httpx.Response]:
            return await gather(*map(self._given, calls))

        return self._runner.run(together())

    def create(self, by: Actor, body: Mapping[str, Any], account: str = ACCOUNT) -> httpx.Response:
        """Open a ticket."""
        headers = self._headers(by, account)
        return self._runner.run(self.http.post("/v1/tickets", json=body, headers=headers))

    def post(self, by: Actor, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Give a command that is on no ticket."""
        headers = self._headers(by, ACCOUNT)
        return self._runner.run(self.http.post(path, json=body, headers=headers))

    def delete(self, by: Actor, path: str) -> httpx.Response:
        """Withdraw something."""
        return self._runner.run(self.http.delete(path, headers=self._headers(by, ACCOUNT)))

    def get(self, by: Actor, path: str, account: str = ACCOUNT) -> httpx.Response:
        """Ask a question."""
        return self._runner.run(self.http.get(path, headers=self._headers(by, account)))

    def past(self, facts: Sequence[Fact], **about: Any) -> UUID:
        """Write a ticket's past into the log, under a number of its own, and return its id."""
        ticket_id = in_partition(new_id(), 0)
        first = facts[0].event
        assert isinstance(first, TicketCreated)
        own = replace(first, number=f"D-{ticket_id.int % 10**12}", **about)
        begun = Fact(own, facts[0].occurred_at, facts[0].actor)
        self._runner.run(self._write(ticket_id, (), (begun, *facts[1:])))
        return ticket_id

    def happens(self, ticket_id: UUID, *facts: Fact) -> None:
        """Let something happen to a ticket that no command does."""
        self._runner.run(self._write(ticket_id, self.history(ticket_id), facts))

    def history(self, ticket_id: UUID) -> tuple[Recorded, ...]:
        """Return what the log holds of a ticket."""
        partition = partition_of_ticket(ticket_id)
        return self._runner.run(read_many(self.log, partition, [ticket_id]))[ticket_id]

    def number(self, ticket_id: UUID) -> str:
        """Return the number that a ticket was opened with, "" where there is no such ticket."""
        opened = (fact.event for fact in self.history(ticket_id))
        return next((each.number for each in opened if isinstance(each, TicketCreated)), "")

    def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database something."""
        return list(self._runner.run(self.log.fetch(query, *arguments)))

    def faults(self) -> list[Fault]:
        """Verify the whole log and return what is wrong with it."""

        async def found() -> list[Fault]:
            return [fault async for fault in verify_log(self.log, ())]

        return self._runner.run(found())

    async def _given(self, call: Call) -> httpx.Response:
        headers = self._headers(call.by, call.account)
        if call.key is not None:
            headers["Idempotency-Key"] = call.key
        if call.if_match is not None:
            headers["If-Match"] = f'"{call.if_match}"'
        path = f"/v1/tickets/{call.ticket}/{call.verb}"
        return await self.http.post(path, content=msgspec.json.encode(call.body), headers=headers)

    def _headers(self, by: Actor, account: str) -> dict[str, str]:
        token = self._tokens.get((by, account)) or self._token(by, account)
        self._tokens[by, account] = token
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def _token(self, by: Actor, account: str) -> str:
        said: dict[str, Any] = {
            "iss": "docket-dev",
            "aud": "docket",
            "sub": by.id,
            "role": by.kind,
            "exp": int(wall_clock().timestamp()) + 3600,
            **({"account": account} if by.kind == "customer" else {}),
        }
        header = {"alg": "Ed25519", "typ": "at+jwt"}
        return jwt.encode(header, said, self._key, algorithms=["Ed25519"])

    async def _write(
        self, ticket_id: UUID, before: Sequence[Recorded], facts: Sequence[Fact]
    ) -> None:
        after = fold(ticket_id, [*before, *facts])
        assert after is not None
        events = tuple(NewEvent(new_id(), fact.event, fact.occurred_at) for fact in facts)
        stream = StreamAppend(ticket_id, len(before), events, after)
        async with self.log.transaction():
            append = Append(partition_of_ticket(ticket_id), (stream,), NOTIFIER, new_id())
            (done,) = await append_on(self.log, [append])
        assert isinstance(done, Appended), done


@contextmanager
def timed_api(database: Stored, folder: Path, *, socket: bool = False) -> Iterator[TimedApi]:
    """Give the service on a database, asked in this process or, with `socket`, over uvicorn."""
    key = OKPKey.generate_key("Ed25519")
    keys = folder / "keys.json"
    keys.write_bytes(msgspec.json.encode({"keys": [key.as_dict(private=False)]}))
    settings = Settings(
        database_url=database.url("docket_ticket_api"),
        env="test",
        clock=UNHURRIED,
        jwt_keys=str(keys),
        **UNLIMITED,
    )
    with Runner() as runner:
        api = TimedApi(runner, key)
        with patch("ticket_api.app.Clock", lambda _warp: api.clock):
            app = build(settings)
        doors = AsyncExitStack()

        async def open_doors() -> None:
            await doors.enter_async_context(app.router.lifespan_context(app))
            door = _over_a_socket(app) if socket else _in_this_process(app)
            api.http = await doors.enter_async_context(door)
            api.log = await Database(database.url(), "test", UNHURRIED, may_lose=True).connect()
            doors.push_async_callback(api.log.close)

        runner.run(open_doors())
        try:
            yield api
        finally:
            runner.run(doors.aclose())


@asynccontextmanager
async def _in_this_process(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
        yield client


@asynccontextmanager
async def _over_a_socket(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    serving = create_task(server.serve())
    while not server.started:
        await sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        await serving
