"""What systemd is told: ready, alive as long as nothing hangs, stopping."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from docket_devstack.ports import free_port
from docket_runtime.process.supervisor import SupervisedServer, notify


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket of a supervisor whose watchdog bites after 30 ms."""
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address)
        receiver.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        monkeypatch.setenv("WATCHDOG_USEC", "30000")
        yield receiver


def server(*, alive: bool) -> SupervisedServer:
    config = uvicorn.Config(Starlette(), port=free_port(), log_config=None, lifespan="off")
    return SupervisedServer(config, lambda: alive)


async def told(receiver: socket.socket, count: int) -> list[str]:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(10):
        return [(await loop.sock_recv(receiver, 100)).decode() for _ in range(count)]


async def test_a_service_says_that_it_is_ready_alive_and_stopping(
    supervisor: socket.socket,
) -> None:
    served = server(alive=True)
    running = asyncio.create_task(served.serve())
    assert await told(supervisor, 3) == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]

    served.should_exit = True
    await running

    while (last := (await told(supervisor, 1))[0]) == "WATCHDOG=1":
        pass
    assert last == "STOPPING=1"


async def test_one_whose_loop_hangs_feeds_no_watchdog(supervisor: socket.socket) -> None:
    served = server(alive=False)
    running = asyncio.create_task(served.serve())
    assert await told(supervisor, 1) == ["READY=1"]
    served.should_exit = True
    await running

    assert await told(supervisor, 1) == ["STOPPING=1"]


def test_without_a_supervisor_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    notify("READY=1")
