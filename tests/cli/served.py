"""ticket-api on a port of the loopback, for commands that ask it as anybody outside would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from structlog.testing import capture_logs

from docket_devstack.ports import free_port
from docket_runtime.settings import Settings
from ticket_api.app import build


class _Served(uvicorn.Server):
    """A server that tells when it is ready, or that it will not be."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve the API of the settings for a block and give its address."""
    port = free_port()
    config = uvicorn.Config(
        build(settings), port=port, log_config=None, timeout_graceful_shutdown=1
    )
    server = _Served(config)
    thread = threading.Thread(target=server.run)
    with capture_logs():  # they would mix with what a command prints
        thread.start()
        try:
            assert server.ready.wait(60), "ticket-api did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(60)
