"""Telling systemd that a service is ready, alive and stopping (sd_notify(3)); others are not told.

The watchdog is fed as long as the event loop turns and no background loop hangs, so a process that
hangs is started again.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

FED_EACH = 3
"""The watchdog is fed so many times in the time after which it bites."""


class SupervisedServer(uvicorn.Server):
    """A server that tells its supervisor how it is; `alive` says whether it may go on."""

    def __init__(self, config: uvicorn.Config, alive: Callable[[], bool]) -> None:
        super().__init__(config)
        self._alive = alive
        self._feeding: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, and say so."""
        await super().startup(sockets)
        notify("READY=1")
        bites_us = int(os.environ.get("WATCHDOG_USEC", "0"))
        if bites_us and not self.should_exit:
            pause_s = bites_us / 1e6 / FED_EACH
            self._feeding = asyncio.create_task(self._feed(pause_s))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it stops, and end what is under way."""
        notify("STOPPING=1")
        if self._feeding is not None:
            self._feeding.cancel()
        await super().shutdown(sockets)

    async def _feed(self, pause_s: float) -> None:
        while True:
            if self._alive():
                notify("WATCHDOG=1")
            await asyncio.sleep(pause_s)


def notify(state: str) -> None:
    """Send a state to the supervisor that `NOTIFY_SOCKET` names; one that is gone is not missed."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # the abstract name space of Linux
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), address)
