"""A ticket-api that was really started, with the limits it has unless set, and its callers."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import msgspec
import psutil
from joserfc import jwt
from joserfc.jwk import OKPKey

from docket_devstack import processes
from docket_devstack.ports import LOOPBACK, free_port
from docket_runtime.clock import wall_clock
from docket_runtime.new_ids import new_id

START_S = 120
SETTLE_S = 40
MIB = 1024 * 1024


@dataclass
class System:
    """The process, and the private key, as JSON, that signs the tokens of its callers."""

    port: int
    pid: int
    key: str

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def token(self, role: str, subject: str, account: str | None = None) -> str:
        said = {
            "iss": "docket-dev",
            "aud": "docket",
            "sub": subject,
            "role": role,
            "exp": int(wall_clock().timestamp()) + 3600,
            **({"account": account} if account else {}),
        }
        header = {"alg": "Ed25519", "typ": "at+jwt"}
        key = OKPKey.import_key(msgspec.json.decode(self.key))
        return jwt.encode(header, said, key, algorithms=["Ed25519"])

    def caller(self, role: str, subject: str, account: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token(role, subject, account)}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60)

    def memory(self) -> int:
        """Return the bytes of memory that the process has (resident)."""
        return int(psutil.Process(self.pid).memory_info().rss)

    async def settles(self, before: int) -> int:
        """Return its memory once it is within a tenth of what it was, or what it is at last."""
        until = perf_counter() + SETTLE_S
        while (now := self.memory()) > before * 1.1 and perf_counter() < until:
            await asyncio.sleep(0.5)
        return now


@asynccontextmanager
async def started(database: Any, folder: Path, **settings: str) -> AsyncIterator[System]:
    """Start ticket-api on a database for a block; `settings` are more DOCKET_* ones."""
    key, port = OKPKey.generate_key("Ed25519"), free_port()
    keys = folder / "keys.json"
    keys.write_bytes(msgspec.json.encode({"keys": [key.as_dict(private=False)]}))
    log = folder / "ticket-api.log"
    process = processes.start(
        [sys.executable, "-m", "ticket_api"],
        env={
            **_inherited(),
            "DOCKET_ENV": "test",
            "DOCKET_DATABASE_URL": database.url("docket_ticket_api"),
            "DOCKET_JWT_KEYS": str(keys),
            "DOCKET_FILES_URL": (folder / "files").as_uri(),
            "DOCKET_TICKET_API_PORT": str(port),
            **settings,
        },
        log=log,
        pid_file=folder / "pid",
    )
    system = System(port, process.pid, msgspec.json.encode(key.as_dict(private=True)).decode())
    try:
        await _ready(system, process, log)
        yield system
    finally:
        processes.stop(process)


async def _ready(system: System, process: processes.Running, log: Path) -> None:
    async with httpx.AsyncClient(base_url=system.url) as http:
        async with asyncio.timeout(START_S):
            while True:
                assert process.alive, log.read_text()[-3000:]
                try:
                    if (await http.get("/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)


def _inherited() -> Mapping[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("DOCKET_")}


@dataclass
class Work:
    """What somebody else does meanwhile: how long each request took, and what did not succeed."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def p99_s(self) -> float:
        return sorted(self.seconds)[len(self.seconds) * 99 // 100]

    async def ask(self, http: httpx.AsyncClient, method: str, path: str, **more: Any) -> Any:
        began = perf_counter()
        answer = await http.request(method, path, **more)
        self.seconds.append(perf_counter() - began)
        if answer.status_code >= 300:
            self.failed.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()


@asynccontextmanager
async def working(system: System) -> AsyncIterator[Work]:
    """Let a new customer open tickets, comment and look for as long as the block runs."""
    work, name = Work(), f"ann-{new_id()}"
    async with system.caller("customer", name, name) as http:
        ticket = await work.ask(http, "POST", "/v1/tickets", json={"product": "VMmanager 6"})
        place = f"/v1/tickets/{ticket['id']}"
        work.seconds.clear()

        async def on() -> None:
            while True:
                await work.ask(http, "POST", "/v1/tickets", json={"product": "VMmanager 6"})
                await work.ask(http, "POST", f"{place}/comment", json={"text": "Again."})
                await work.ask(http, "GET", place)
                await work.ask(http, "GET", "/v1/tickets")
                await asyncio.sleep(0.5)

        task = asyncio.create_task(on())
        try:
            yield work
        finally:
            task.cancel()
            await asyncio.wait([task])
    assert task.cancelled(), task.exception()
