"""An instance of sla-clock at an instant, and tickets whose clock runs."""

from chronicle import Chronicle, frozen, utc
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import (
    PriorityChanged,
)
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from people import created
from sla_clock.clock_loop import ClockLoop
from sla_clock.timer_loop import TimerLoop


class Instance:
    """One sla-clock process of a test."""

    def __init__(self, url: str, now: str) -> None:
        reached = Database(url, "sla-clock", frozen(now), may_lose=True)
        self.clocks, self.firing = ClockLoop(reached), TimerLoop(reached)

    async def settle(self) -> None:
        """Let both loops go on until neither finds work."""
        while [step for step in (self.clocks, self.firing) if await step.step()]:
            pass

    async def close(self) -> None:
        await self.clocks.close()
        await self.firing.close()


def registered(at: str) -> RegistrationNoticeSent:
    return RegistrationNoticeSent(utc(at), new_id())


async def emergency(chronicle: Chronicle, number: str = "1", at: str = "2026-06-08T09:00:00"):
    """Return an emergency, by default of Monday nine o'clock."""
    return await chronicle.ticket(
        (at, created(number=number)),
        (at, registered(at)),
        (at, PriorityChanged("Emergency", "Low")),
    )
