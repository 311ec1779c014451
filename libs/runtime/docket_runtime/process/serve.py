"""Run a service: read the settings, serve until asked to stop, and then stop in time."""

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from threading import Thread

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from docket_runtime import settings, tracing
from docket_runtime.database import Database
from docket_runtime.process import logs
from docket_runtime.process.bounds import Bounds
from docket_runtime.process.protocol import bounded
from docket_runtime.process.supervisor import SupervisedServer
from docket_runtime.production import Unsafe, check_production
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

GRACE_S = 5
SPANS_S, LOOK_S = 2.0, 0.05
YOUNG = 50_000

log = structlog.get_logger()


def serve(service: str, build: Callable[[Settings], Starlette], port: str) -> None:
    """Serve what `build` makes of the settings; `port` names the setting of its port.

    The application has its background loops in `state.loops`.
    """
    logs.configure(service)
    at_hand = settings.load()
    try:
        allowed = check_production(at_hand, service)
        asyncio.run(_reach(Database.of(at_hand, service)))
        app = build(at_hand)
    except Unsafe as unsafe:
        raise SystemExit(f"{service} does not start:\n{unsafe}") from None
    if allowed:
        log.warning("unsafe_settings_allowed", settings=allowed)
    tracing.configure(service)
    gc.freeze()
    gc.set_threshold(YOUNG)  # otherwise collections of the young generation take 40 ms under load
    with suppress(KeyboardInterrupt):  # raised again once the server has ended in peace
        config = server_config(app, at_hand, getattr(at_hand, port))
        Server(config, lambda: not any(loop.hangs for loop in app.state.loops)).run()


class Server(SupervisedServer):
    """A server that sends the last spans before the signal that ends it ends the process."""

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End what is under way, then wait for the spans, but not long for a collector."""
        await super().shutdown(sockets)
        sending = Thread(target=tracing.close, daemon=True)
        sending.start()
        for _ in range(int(SPANS_S / LOOK_S)):
            if not sending.is_alive():
                return
            await asyncio.sleep(LOOK_S)


def server_config(
    app: ASGIApp, at_hand: Settings, port: int = 0, *, grace_s: int = GRACE_S
) -> uvicorn.Config:
    """Return how an application is served: within the bounds of the settings (decision 0036).

    Who is asked to stop has `grace_s` seconds to end what is under way.
    """
    proxies = frozenset(name.strip() for name in at_hand.proxies.split(",") if name.strip())
    return uvicorn.Config(
        app,
        host=at_hand.host,
        port=port,
        http=bounded(Bounds.of(at_hand), proxies),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=at_hand.http_idle_s,
        timeout_graceful_shutdown=grace_s,
        forwarded_allow_ips=at_hand.proxies,  # nobody's unless a proxy is named
    )


async def _reach(database: Database) -> None:
    """Connect once, so that a role that is refused ends the start; who is down is waited for."""
    try:
        connection = await database.connect()
    except Unavailable:
        return
    connection.terminate()
