"""What one principal with a good token may try so that nobody else can work."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any

import httpx
from system import System

AT_ONCE = 8
PATIENCE_S = 20
SIZE = 512 * 1024**2
Offence = Callable[[System, float], Awaitable[Counter[int]]]


async def _again(http: httpx.AsyncClient, lasts_s: float, *asked: Any, **more: Any) -> Counter[int]:
    """Ask the same from several connections, as often as one can; return the answers by status.

    It lasts longer where nothing has been refused yet.
    """
    statuses, until = Counter[int](), perf_counter() + lasts_s

    async def on() -> None:
        while perf_counter() < until + (0 if statuses[429] else PATIENCE_S):
            answer = await http.request(*asked, **more)
            statuses[answer.status_code] += 1

    await asyncio.gather(*(on() for _ in range(AT_ONCE)))
    return statuses


async def creations(system: System, lasts_s: float) -> Counter[int]:
    body = {"product": "VMmanager 6", "subject": "x" * 200, "description": "y" * 5000}
    async with system.caller("customer", "mallory", "mallory") as http:
        return await _again(http, lasts_s, "POST", "/v1/tickets", json=body)


async def simulations(system: System, lasts_s: float) -> Counter[int]:
    async with system.caller("customer", "another", "another") as http:
        beyond = await http.post("/v1/simulations", json=question(990, 100))
        assert beyond.status_code in (422, 429), beyond.text
    async with system.caller("customer", "mallory", "mallory") as http:
        return await _again(http, lasts_s, "POST", "/v1/simulations", json=question(600, 33))


async def exports(system: System, lasts_s: float) -> Counter[int]:
    async with system.caller("auditor", "mallory") as http:
        return await _again(http, lasts_s, "GET", "/v1/audit/export?format=bundle")


async def analyses(system: System, lasts_s: float) -> Counter[int]:
    async with system.caller("agent", "mallory") as http:
        return await _again(http, lasts_s, "GET", "/v1/audit/what-if?reading=info=resume")


async def uploads(system: System, lasts_s: float) -> Counter[int]:
    """Begin forty uploads of half a gigabyte, of one file and of many, and fall silent."""
    statuses = Counter[int]()
    async with system.caller("customer", "mallory", "mallory") as http:
        ticket = (await http.post("/v1/tickets", json={"product": "VMmanager 6"})).json()["id"]
        said = {"name": "x.bin", "media_type": "application/octet-stream", "size": SIZE}
        said["sha256"] = sha256(b"").hexdigest()
        announced = [
            await http.post(f"/v1/tickets/{ticket}/attachments", json=said) for _ in range(12)
        ]
        places = [answer.headers["location"] for answer in announced]
        release = asyncio.Event()

        async def much() -> Any:
            yield b"x" * 4 * 1024 * 1024
            await release.wait()

        async def send(place: str) -> None:
            headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            try:
                sent = await http.patch(place, content=much(), headers=headers)
                statuses[sent.status_code] += 1
            except httpx.TransportError:
                statuses[0] += 1  # it was hung up on

        sending = [asyncio.create_task(send(places[n % len(places)])) for n in range(40)]
        await asyncio.wait(sending, timeout=lasts_s)
        release.set()
        await asyncio.gather(*sending)
    return statuses


def question(events: int, asks: int) -> dict[str, Any]:
    """Return a question of so many events, most of them waits, and so many equal asks."""
    began = datetime(2026, 6, 8, 9, tzinfo=UTC)
    told: list[dict[str, Any]] = [
        {"at": began.isoformat(), "type": "TicketCreated"},
        {"at": began.isoformat(), "type": "RegistrationNoticeSent"},
    ]
    for n in range((events - 2) // 2):
        begun = began + timedelta(minutes=10 * n + 10)
        ended = begun + timedelta(minutes=5)
        waits = {"type": "ThirdPartyWaitStarted", "data": {"id": f"p{n}", "party": "x"}}
        answers = {"type": "ThirdPartyResponseReceived", "data": {"id": f"p{n}"}}
        told += [{"at": begun.isoformat(), **waits}, {"at": ended.isoformat(), **answers}]
    ask = {"ask": "response_clock", "at": "2026-07-18T12:00:00Z"}
    policy = {"product": "VMmanager 6"}
    return {"id": "x", "pack": "R", "policy": policy, "events": told, "asks": [ask] * asks}


OFFENCES: dict[str, Offence] = {
    each.__name__: each for each in (creations, simulations, exports, analyses, uploads)
}


def commit(system: System, name: str, lasts_s: float) -> Counter[int]:
    """Commit an offence to its end; for a process of its own, so that it hinders no tester."""
    return asyncio.run(OFFENCES[name](system, lasts_s))
