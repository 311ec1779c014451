"""TCP ports of the loopback address: free ones, and clear errors about taken ones."""

import errno
import socket
from time import monotonic, sleep

from docket_devstack.errors import SetupError

LOOPBACK = "127.0.0.1"


class PortTaken(SetupError):
    """A port that was asked for belongs to another program."""


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Return whether the port can be bound now."""
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
    """Return whether the port is free within some seconds: a killed program frees it late."""
    deadline = monotonic() + patience
    while not is_free(port):
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True


def answers(port: int) -> bool:
    """Return whether a program accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def claim(port: int, variable: str) -> int:
    """Return the port if it is free; raise PortTaken, which names it and the variable to change."""
    if not is_free(port):
        raise PortTaken(
            f"port {port} is taken by another program: stop it, or choose a port with {variable}"
        )
    return port


def free_or_other(port: int | None) -> int:
    """Return the port if there is one and it is free, else any free port."""
    return port if port is not None and becomes_free(port) else free_port()
