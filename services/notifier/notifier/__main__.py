"""Run notifier: `python -m notifier`, configured by DOCKET_* variables."""

import uvicorn

from docket_runtime import logs, settings
from notifier.app import build

GRACE_S = 5


def main() -> None:
    """Tell people what they are owed until told to stop."""
    logs.configure("notifier")
    at_hand = settings.load()
    uvicorn.run(
        build(at_hand),
        host=at_hand.host,
        port=at_hand.notifier_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


if __name__ == "__main__":
    main()
