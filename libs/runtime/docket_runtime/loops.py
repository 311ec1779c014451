"""Background loops: each repeats one step under a name.

A step does one round of work and returns whether there was any. Tests call steps directly; a
process runs them with `running`. The heartbeat of a loop is its last completed step, so a loop that
fails, hangs or waits for a server shows it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic

import structlog

from docket_runtime.metrics import HEARTBEAT_AGE, LOOP_FAULTS
from docket_runtime.unavailable import Unavailable

Step = Callable[[], Awaitable[bool]]

BUSY_S = 0.02
IDLE_S = 0.25
RETRY_S = (0.1, 0.2, 0.4, 0.8, 1.0)
FAULT_S = 1.0
HUNG_S = 120.0
"""A step that takes longer hangs, unless its loop says that it may take longer."""

log = structlog.get_logger()


class Loop:
    """One step, repeated: at once while there is work, else ever more slowly, down to `idle_s`."""

    def __init__(
        self, name: str, step: Step, *, idle_s: float = IDLE_S, hung_s: float = HUNG_S
    ) -> None:
        self.name = name
        self._step = step
        self._idle_s = idle_s
        self._hung_s = hung_s
        self._beat = monotonic()
        self._began: float | None = None
        self._unavailable = 0
        HEARTBEAT_AGE.labels(name).set_function(lambda: self.age_s)

    @property
    def age_s(self) -> float:
        """Return the seconds since a step was last completed."""
        return monotonic() - self._beat

    @property
    def hangs(self) -> bool:
        """Return whether the step under way takes so long that only a restart helps.

        A server that is out of reach is no such reason: every step gives up on it in time.
        """
        return self._began is not None and monotonic() - self._began > self._hung_s

    async def run(self, stop: asyncio.Event) -> None:
        """Repeat the step until `stop` is set; no fault ends the loop."""
        pause = BUSY_S
        while not stop.is_set():
            try:
                worked = await self._timed()
            except (Unavailable, ConnectionError, TimeoutError) as unavailable:
                await _pause(stop, self._after_unavailable(unavailable))
                continue
            except Exception:
                LOOP_FAULTS.labels(self.name).inc()
                log.exception("loop_fault", loop=self.name)
                await _pause(stop, FAULT_S)
                continue
            self._after_success()
            if worked:
                pause = BUSY_S
                await asyncio.sleep(0)
            else:
                await _pause(stop, pause)
                pause = min(pause * 1.5, self._idle_s)

    async def _timed(self) -> bool:
        self._began = monotonic()
        try:
            return await self._step()
        finally:
            self._began = None

    def _after_unavailable(self, unavailable: Exception) -> float:
        if not self._unavailable:
            log.warning("loop_waits", loop=self.name, reason=str(unavailable))
        self._unavailable += 1
        return RETRY_S[min(self._unavailable, len(RETRY_S)) - 1]

    def _after_success(self) -> None:
        if self._unavailable:
            log.info("loop_goes_on", loop=self.name, attempts=self._unavailable)
        self._unavailable = 0
        self._beat = monotonic()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


@asynccontextmanager
async def running(loops: Sequence[Loop], *, patience_s: float = 8.0) -> AsyncIterator[None]:
    """Run the loops while the block runs; afterwards let each finish its step.

    A step that takes longer than `patience_s` is cancelled: what it had not committed is not done.
    """
    stop = asyncio.Event()
    tasks = [asyncio.create_task(loop.run(stop), name=loop.name) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
