"""Run a service: read the settings, serve until asked to stop, and then stop in time."""

import asyncio
import gc
from collections.abc import Callable

import structlog
import uvicorn
from starlette.types import ASGIApp

from docket_runtime import settings
from docket_runtime.database import Database
from docket_runtime.process import logs
from docket_runtime.production import Unsafe, check_production
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

GRACE_S = 5
YOUNG = 50_000

log = structlog.get_logger()


def serve(service: str, build: Callable[[Settings], ASGIApp], port: str) -> None:
    """Serve what `build` makes of the settings; `port` names the setting of its port."""
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
    gc.freeze()
    gc.set_threshold(YOUNG)  # otherwise collections of the young generation take 40 ms under load
    uvicorn.run(
        app,
        host=at_hand.host,
        port=getattr(at_hand, port),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        forwarded_allow_ips=at_hand.proxies,  # nobody's unless a proxy is named
    )


async def _reach(database: Database) -> None:
    """Connect once, so that a role that is refused ends the start; who is down is waited for."""
    try:
        connection = await database.connect()
    except Unavailable:
        return
    connection.terminate()
