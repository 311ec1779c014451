"""Run ticket-api: `python -m ticket_api`, configured by DOCKET_* variables."""

import gc

import uvicorn

from docket_runtime import logs, settings
from ticket_api.app import build

GRACE_S = 5


def main() -> None:
    """Serve until told to stop."""
    logs.configure("ticket-api")
    at_hand = settings.load()
    app = build(at_hand)
    gc.freeze()
    gc.set_threshold(50_000)  # collections of the young take 40 ms under load otherwise
    uvicorn.run(
        app,
        host=at_hand.host,
        port=at_hand.ticket_api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


if __name__ == "__main__":
    main()
