"""Loops: no fault ends one, an idle one slows down, and a heartbeat tells the truth."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from docket_runtime.loops import Loop, running
from docket_runtime.unavailable import Unavailable


class Steps:
    """A step that does in turn what the test says, and then finds nothing."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.taken = 0
        self.emptied = asyncio.Event()

    async def __call__(self) -> bool:
        self.taken += 1
        if not self.answers:
            self.emptied.set()
            return False
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def gone_through(steps: Steps, loop: Loop) -> None:
    async with running([loop]):
        await asyncio.wait_for(steps.emptied.wait(), 10)


async def test_a_loop_goes_on_after_servers_that_were_away_and_after_faults() -> None:
    steps = Steps(True, Unavailable("gone"), ConnectionResetError(), ValueError("ours"), True)
    await gone_through(steps, Loop("hardy", steps))
    assert steps.answers == []


async def test_the_heartbeat_is_the_last_completed_step() -> None:
    steps = Steps(Unavailable("gone"), Unavailable("gone"))
    loop = Loop("honest", steps)
    before = loop.age_s
    with pytest.raises(Unavailable):
        await steps()
    assert loop.age_s > before
    await gone_through(steps, loop)
    assert loop.age_s < 1


@pytest.mark.parametrize("fault", [Unavailable("gone"), ValueError("ours")])
async def test_a_loop_that_fails_for_ever_grows_old(fault) -> None:
    steps = Steps(*[fault] * 1000)
    loop = Loop("failing", steps)
    async with running([loop], patience_s=0.1):
        async with asyncio.timeout(5):
            while steps.taken < 2:
                await asyncio.sleep(0.01)
        assert loop.age_s > 0.05


async def test_stopping_lets_a_step_finish_and_cancels_one_that_hangs() -> None:
    finished: list[str] = []

    def sleeper(name: str, wait: Callable[[], Awaitable[object]]) -> Loop:
        async def step() -> bool:
            await wait()
            finished.append(name)
            return True

        return Loop(name, step)

    hanging = asyncio.Event()
    quick = sleeper("quick", lambda: asyncio.sleep(0.05))
    stuck = sleeper("stuck", hanging.wait)
    async with asyncio.timeout(5):
        async with running([quick, stuck], patience_s=0.5):
            await asyncio.sleep(0)
    assert "quick" in finished
    assert "stuck" not in finished
