"""Run a service: read the settings, serve until asked to stop, and then stop in time."""

import gc
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from docket_runtime import settings
from docket_runtime.process import logs
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
    uvicorn.run(
        app,
        host=at_hand.host,
        port=getattr(at_hand, port),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
