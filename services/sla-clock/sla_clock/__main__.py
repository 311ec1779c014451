"""Run sla-clock: `python -m sla_clock`, configured by DOCKET_* variables."""

import uvicorn

from docket_runtime import logs, settings
from sla_clock.app import build

GRACE_S = 5


def main() -> None:
    """Count until told to stop."""
    logs.configure("sla-clock")
    at_hand = settings.load()
    uvicorn.run(
        build(at_hand),
        host=at_hand.host,
        port=at_hand.sla_clock_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


if __name__ == "__main__":
    main()
