"""Many callers of one HTTP server, in a process of their own and cheap enough to be no bottleneck.

    python -m benchmarks.callers < order.json

Each caller keeps one connection, sends its next request when the last one is answered, and takes
its requests in turn from its own share of the list. `{key}` in a request becomes a fresh key.
"""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import cast

import msgspec
import uvloop

from docket_devstack.ports import LOOPBACK
from docket_runtime.new_ids import new_id

PATIENCE_S = 300

_KEY = b"{key}"


class Order(msgspec.Struct, frozen=True):
    """What to do: so many requests in all, by so many callers, at a port of the loopback."""

    port: int
    callers: int
    requests: int
    texts: list[bytes]


class Answers(msgspec.Struct, frozen=True):
    """What came of it; a body is kept for the first requests only."""

    seconds: float
    statuses: dict[int, int]
    p50_ms: float
    p99_ms: float
    bodies: list[bytes]

    @property
    def a_second(self) -> float:
        """Return the requests answered a second."""
        return sum(self.statuses.values()) / self.seconds


def call(order: Order) -> Answers:
    """Carry out an order in a process of its own; raise RuntimeError unless every answer is 2xx."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.callers"],
        input=msgspec.json.encode(order),
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_S,
    )
    answers = msgspec.json.decode(done.stdout, type=Answers)
    if any(not 200 <= status < 300 for status in answers.statuses):
        raise RuntimeError(f"not every request was answered with success: {answers.statuses}")
    return answers


def post(path: str, body: object, token: str = "") -> bytes:
    """Return the text of a POST with a fresh idempotency key."""
    content = msgspec.json.encode(body)
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n{authorization}"
        "Idempotency-Key: {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


class _Caller(asyncio.Protocol):
    def __init__(self, texts: Sequence[bytes], requests: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []
        self.bodies: list[bytes] = []
        self._texts = [text.partition(_KEY) for text in texts]
        self._requests = requests
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return
        length = head.lower().rpartition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if len(body) < int(length):
            return
        self.times.append(perf_counter() - self._sent)
        self.statuses[int(head[9:12])] += 1
        if len(self.bodies) < len(self._texts):
            self.bodies.append(body)
        self._answer = b""
        if len(self.times) < self._requests:
            self._send()
        else:
            self.done.set_result(None)
            self._transport.close()

    def _send(self) -> None:
        before, key, after = self._texts[len(self.times) % len(self._texts)]
        self._sent = perf_counter()
        self._transport.write(before + (new_id().hex.encode() if key else b"") + after)


async def _carry_out(order: Order) -> Answers:
    loop = asyncio.get_running_loop()
    began = perf_counter()
    callers = []
    for n in range(order.callers):
        share = order.texts[n :: order.callers]
        requests = len(range(n, order.requests, order.callers))
        _, caller = await loop.create_connection(
            lambda share=share, requests=requests: _Caller(share, requests),  # type: ignore[misc]
            LOOPBACK,
            order.port,
        )
        callers.append(caller)
    await asyncio.gather(*(caller.done for caller in callers))
    seconds = perf_counter() - began
    times = sorted(time for caller in callers for time in caller.times)
    return Answers(
        seconds,
        dict(sum((caller.statuses for caller in callers), Counter[int]())),
        times[len(times) // 2] * 1000,
        times[len(times) * 99 // 100] * 1000,
        [body for caller in callers for body in caller.bodies],
    )


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    said = msgspec.json.encode(uvloop.run(_carry_out(asked)))
    with open(sys.stdout.fileno(), "wb", closefd=False) as out:  # PYTHONUNBUFFERED writes in part
        out.write(said)
