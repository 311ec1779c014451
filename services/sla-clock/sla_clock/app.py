"""The wiring of sla-clock: its loops, the relay, and its probes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from docket_lifecycle.rules.packs import check_packs
from docket_proof.note import Signer, Verifier
from docket_runtime.bus import broker
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.loops import Loop, running
from docket_runtime.metrics import appends, bus, desk, log, proof
from docket_runtime.process import probes
from docket_runtime.process.health import HealthChecks
from docket_runtime.process.measurements import Measurements
from docket_runtime.production import Unsafe
from docket_runtime.proof.background import IDLE_S, BackgroundVerification
from docket_runtime.proof.keys import signer_of, verifiers_of
from docket_runtime.proof.number_guard import NumberGuard
from docket_runtime.proof.signing import CheckpointSigner
from docket_runtime.settings import Settings
from docket_runtime.store.command_records import CommandDays
from sla_clock.clock_loop import CONSUMER, ClockLoop
from sla_clock.timer_loop import TimerLoop

DAYS_S = 60.0
LONG_S = 900.0  # a query of the verification may read a whole partition
WRITES_S = 2.0  # between two looks whether anything can be written
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
    consumers = [CONSUMER, "notifier", *(loop.name for loop in relaying)]
    measured = Measurements(database, consumers)
    signer, known = _keys(settings)
    rounds = BackgroundVerification(Database.of(settings, "verification"), known)
    proving = [Loop("verification", rounds.step, idle_s=IDLE_S, hung_s=LONG_S)]
    copy = Path(settings.checkpoints_file) if settings.checkpoints_file else None
    numbers = NumberGuard(Database.of(settings, "numbers"), copy, known)
    days = CommandDays(Database.of(settings, "keys"), settings.idempotency_days)
    keeping = [Loop("keys", days.step, idle_s=DAYS_S), Loop("numbers", numbers.step)]
    closing = [each.close for each in (clocks, firing, relay, watch, rounds, days, numbers)]
    closing.append(measured.close)
    leases = [relay.leases, rounds.leases]
    if signer is not None:
        sealing = CheckpointSigner(
            Database.of(settings, "checkpoints"), signer, copy, verifiers=known
        )
        proving.append(Loop("checkpoints", sealing.step))
        leases.append(sealing.leases)
        closing.append(sealing.close)

    loops = [*counting, *relaying, *proving, *keeping]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running(loops):
            yield
        await asyncio.gather(*(close() for close in closing))

    checks = {
        "database": watch.database,
        "migrations": watch.migrations,
        "appends": probes.seldom(watch.appends, every_s=WRITES_S),
        "loops": probes.heartbeats(counting),
    }
    # a broker that is down delays the bus; clocks and timers go on, so we stay ready
    shown = {
        **({"relay": watch.relay} if relaying else {}),
        "clocks": watch.clocks,
        "timers": watch.timers,
        "topology": relay.topology,
        "registrations": watch.registrations,
        "proof": watch.proof,
    }

    def leads() -> dict[str, tuple[int, ...]]:
        return {each.consumer: each.chains for each in leases}

    figures = [log.GROUP, log.TIMERS, appends.CALLS, proof.GROUP, desk.GROUP]
    if relaying:
        figures.append(bus.RELAY)
    routes = probes.routes(
        "sla-clock",
        checks,
        shown,
        loops=loops,
        leads=leads,
        figures=figures,
        measures=[measured.log, measured.proof, measured.desk, measured.calendars],
    )
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.loops = loops
    return app


def _keys(settings: Settings) -> tuple[Signer | None, tuple[Verifier, ...]]:
    """Return who signs and every key that is known; raise Unsafe where a file of them is wrong."""
    try:
        signer = signer_of(settings)
        known = verifiers_of(settings)
    except (ValueError, OSError) as wrong:
        raise Unsafe(f"DOCKET_CHECKPOINT_KEY or DOCKET_CHECKPOINT_KEYS: {wrong}") from None
    return signer, known if signer is None else (*known, signer.verifier)
