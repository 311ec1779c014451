"""The wiring of sla-clock: its loops, the relay, and its probes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from docket_lifecycle.rules.packs import check_packs
from docket_runtime.bus import broker
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.loops import Loop, running
from docket_runtime.process import probes
from docket_runtime.process.health import HealthChecks
from docket_runtime.proof.background import IDLE_S, BackgroundVerification
from docket_runtime.proof.keys import signer_of, verifiers_of
from docket_runtime.proof.signing import CheckpointSigner
from docket_runtime.settings import Settings
from docket_runtime.store.command_records import CommandDays
from sla_clock.clock_loop import ClockLoop
from sla_clock.timer_loop import TimerLoop

DAYS_S = 60.0
RELAY_IDLE_S = 0.1  # an event reaches the bus within a quarter of a second


def build(settings: Settings) -> Starlette:
    """Return the application; its loops run from start to shutdown. Raises BadPack."""
    check_packs()
    database = Database.of(settings, "sla-clock")
    clocks, firing, watch = (
        ClockLoop(database),
        TimerLoop(database),
        HealthChecks(database, registration_alert_minutes=settings.registration_alert_minutes),
    )
    relay = Relay(Database.of(settings, "relay"), settings.amqp_url)
    counting = [Loop("clocks", clocks.step), Loop("timers", firing.step)]
    relaying = (
        [] if settings.amqp_url == broker.OFF else [Loop("relay", relay.step, idle_s=RELAY_IDLE_S)]
    )
    signer = signer_of(settings)
    known = (*verifiers_of(settings), *([signer.verifier] if signer is not None else []))
    rounds = BackgroundVerification(Database.of(settings, "verification"), known)
    proving = [Loop("verification", rounds.step, idle_s=IDLE_S)]
    days = CommandDays(Database.of(settings, "keys"), settings.idempotency_days)
    keeping = [Loop("keys", days.step, idle_s=DAYS_S)]
    closing = [clocks.close, firing.close, relay.close, watch.close, rounds.close, days.close]
    if signer is not None:
        copy = settings.checkpoints_file and Path(settings.checkpoints_file)
        sealing = CheckpointSigner(Database.of(settings, "checkpoints"), signer, copy or None)
        proving.append(Loop("checkpoints", sealing.step))
        closing.append(sealing.close)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running([*counting, *relaying, *proving, *keeping]):
            yield
        await asyncio.gather(*(close() for close in closing))

    checks = {
        "database": watch.database,
        "migrations": watch.migrations,
        "loops": probes.heartbeats(counting),
    }
    # a broker that is down delays the bus; clocks and timers go on, so we stay ready
    shown = {
        "relay": probes.heartbeats(relaying),
        "registrations": watch.registrations,
        "proof": watch.proof,
    }
    return Starlette(routes=probes.routes("sla-clock", checks, shown), lifespan=lifespan)
