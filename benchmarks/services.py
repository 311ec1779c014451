"""Services in processes of their own for as long as a subject measures them."""

import http.client
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from docket_devstack import processes
from docket_devstack.ports import LOOPBACK, free_port


@contextmanager
def serving(
    name: str,
    arguments: Sequence[str],
    folder: Path,
    *,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[processes.Running]:
    """Run a python module as a server until the block ends; `port` is where it gets ready."""
    own = folder / f"{name}-{free_port()}"
    log = own / "log"
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("DOCKET_")}
    process = processes.start(
        [sys.executable, "-m", *arguments],
        env={**inherited, **(environment or {})},
        log=log,
        pid_file=own / "pid",
    )
    try:
        if port is not None:
            processes.wait_until(lambda: ready(port), process, seconds=60, what=name, log=log)
        yield process
    finally:
        processes.stop(process)


def ready(port: int) -> bool:
    """Tell whether the server at this port says that it is ready."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
