"""The floor under a command over HTTP: a Starlette handler that does one asyncpg insert.

    python -m benchmarks.bare DATABASE_URL PORT

No validation, no rights, no rules, no history, no read model: a body comes in, a row is durable, an
answer goes out. It runs as ticket-api does: uvicorn with uvloop and httptools, one process.
"""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from docket_devstack.ports import LOOPBACK
from docket_runtime.new_ids import new_id

TABLE = """
    create table bare_events (
        position bigint generated always as identity primary key,
        event_id uuid not null,
        type text not null,
        body bytea not null,
        recorded_at timestamptz not null default clock_timestamp()
    )
"""
_INSERT = (
    "insert into bare_events (event_id, type, body) values ($1, 'Posted', $2) returning position"
)


async def _post(request: Request) -> Response:
    body = await request.body()
    position = await request.app.state.pool.fetchval(_INSERT, new_id(), body)
    return Response(b'{"position": %d}' % position, 201, media_type="application/json")


async def _ready(request: Request) -> Response:
    return Response(b"{}", media_type="application/json")


def _application(database_url: str) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database_url, min_size=32, max_size=32) as pool:
            app.state.pool = pool
            yield

    routes = [Route("/", _post, methods=["POST"]), Route("/readyz", _ready)]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    app = _application(sys.argv[1])
    gc.freeze()
    gc.set_threshold(50_000)
    uvicorn.run(app, host=LOOPBACK, port=int(sys.argv[2]), log_config=None, access_log=False)
