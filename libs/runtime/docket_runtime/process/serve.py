"""Run a service: read the settings, serve until asked to stop, and then stop in time."""

import gc
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from docket_runtime import settings
from docket_runtime.process import logs
from docket_runtime.process.bounds import Bounds
from docket_runtime.process.protocol import bounded
from docket_runtime.settings import Settings

GRACE_S = 5
YOUNG = 50_000


def serve(service: str, build: Callable[[Settings], ASGIApp], port: str) -> None:
    """Serve what `build` makes of the settings; `port` names the setting of its port."""
    logs.configure(service)
    at_hand = settings.load()
    app = build(at_hand)
    gc.freeze()
    gc.set_threshold(YOUNG)  # otherwise collections of the young generation take 40 ms under load
    with suppress(KeyboardInterrupt):  # raised again once the server has ended in peace
        uvicorn.Server(server_config(app, at_hand, getattr(at_hand, port))).run()


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
