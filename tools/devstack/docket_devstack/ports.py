"""TCP ports of the loopback address: one that is free, and a clear word about one that is taken."""

import errno
import socket
from time import monotonic, sleep

from docket_cli.errors import Trouble

LOOPBACK = "127.0.0.1"


class PortTaken(Trouble):
    """A port that was asked for belongs to another program."""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether the port can be bound now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
        return True


def becomes_free(port: int, *, patience: float = 3.0) -> bool:
    """Tell whether the port is free, or is within some seconds: a killed program leaves it late."""
    deadline = monotonic() + patience
    while not is_free(port):
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True


def answers(port: int) -> bool:
    """Tell whether somebody accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def claim(port: int, variable: str) -> int:
    """Return the port when it is free; raise PortTaken that names it and the variable to change."""
    if not is_free(port):
        raise PortTaken(
            f"port {port} is taken by another program: stop it, or choose a port with {variable}"
        )
    return port


def free_or_other(port: int | None) -> int:
    """Return the port when there is one and it is free, else any free port."""
    return port if port is not None and becomes_free(port) else free_port()
