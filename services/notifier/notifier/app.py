"""The wiring of notifier: its triggers, its dispatchers, its probes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette

from docket_lifecycle.rules.packs import check_packs
from docket_runtime import metrics
from docket_runtime.bus import broker
from docket_runtime.bus.dead_letter_queue import DeadLetterMonitor
from docket_runtime.clock import Clock
from docket_runtime.database import Database
from docket_runtime.loops import Loop, running
from docket_runtime.mail.server import Mailer
from docket_runtime.metrics import appends, bus, log, mail
from docket_runtime.process import probes
from docket_runtime.process.health import HealthChecks
from docket_runtime.process.measurements import Measurements
from docket_runtime.settings import Settings
from notifier.bus_consumer import BusConsumer
from notifier.courier import Courier
from notifier.decide import OWNER
from notifier.dispatcher import Dispatcher
from notifier.letter_text import Writer
from notifier.letters import Letters
from notifier.mail_limits import MailLimits
from notifier.reconciler import HEAD_START, Alarms, Reconciler

MESSAGES_IDLE_S = 0.05  # looking into one's own buffer costs nothing
LONG_S = 900.0  # a step may write a hundred letters to a slow mail server
WRITES_S = 2.0  # between two looks whether anything can be written
DEAD_LETTERS_IDLE_S = 5.0
OWED_AT_MOST = timedelta(seconds=10)
"""For so long a notice may be held up by the mail server before notifier is not ready."""


def build(settings: Settings) -> Starlette:
    """Return the application; its loops run from start to shutdown. Raises BadPack and
    BadLetters.
    """
    check_packs()
    database = Database.of(settings, "notifier")
    clock, letters = Clock(settings.warp), Letters.of(settings)
    alert = timedelta(minutes=settings.registration_alert_minutes)
    has_bus = settings.amqp_url != broker.OFF

    writer, limits = Writer.of(settings), MailLimits.of(settings)

    def desk() -> Dispatcher:
        courier = Courier(Mailer(settings.smtp_url), letters, writer, limits)
        return Dispatcher(database, clock, courier, alert)

    desks = [desk() for _ in range(3)]
    alarms = Alarms(database, desks[0])
    net = Reconciler(database, desks[1], head_start=HEAD_START if has_bus else timedelta(0))
    messages = BusConsumer(settings.amqp_url, desks[2])
    consumers = ("relay", "sla-clock", OWNER) if has_bus else ("sla-clock", OWNER)
    measured = Measurements(database, consumers)
    watch = HealthChecks(database, registration_alert_minutes=settings.registration_alert_minutes)
    dead = DeadLetterMonitor(settings.amqp_url)
    watching = [
        Loop("alarms", alarms.step, hung_s=LONG_S),
        Loop("net", net.step, hung_s=LONG_S),
    ]
    hearing = (
        [Loop("messages", messages.step, idle_s=MESSAGES_IDLE_S, hung_s=LONG_S)] if has_bus else []
    )
    beside = [Loop("dead_letters", dead.step, idle_s=DEAD_LETTERS_IDLE_S)] if has_bus else []

    loops = [*watching, *hearing, *beside]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running(loops):
            yield
        closing = (alarms, net, messages, desks[2], dead, watch, measured)
        await asyncio.gather(*(each.close() for each in closing))

    checks = {
        "database": watch.database,
        "migrations": watch.migrations,
        "appends": probes.seldom(watch.appends, every_s=WRITES_S),
        "loops": probes.heartbeats(watching),
        "notices": owed_notices(desks, clock),
    }
    shown = {
        "messages": probes.heartbeats(hearing),
        "net": watch.net,
        "registrations": watch.registrations,
    }
    if has_bus:
        shown |= {"topology": messages.topology, "dead_letters": dead.check}

    async def owed_age() -> None:
        metrics.NOTICE_OWED.set(owed_for(desks, clock).total_seconds())

    routes = probes.routes(
        "notifier",
        checks,
        shown,
        loops=loops,
        leads=lambda: {net.leases.consumer: net.leases.chains},
        figures=[log.GROUP, appends.CALLS, mail.GROUP, *([bus.CONSUMER] if has_bus else [])],
        measures=[measured.log, owed_age],
    )
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.loops = loops
    return app


def owed_for(desks: Sequence[Dispatcher], clock: Clock) -> timedelta:
    """Return for how long the oldest notice is owed that the mail server holds up."""
    owed = [desk.owed_since for desk in desks if desk.owed_since is not None]
    return clock.now() - min(owed) if owed else timedelta(0)


def owed_notices(desks: Sequence[Dispatcher], clock: Clock) -> probes.Check:
    """Return the check that the mail server holds up no notice for longer than `OWED_AT_MOST`."""

    async def check() -> str | None:
        age = owed_for(desks, clock)
        late = age > OWED_AT_MOST
        return f"a notice is owed for {age}, and the mail server is out of reach" if late else None

    return check
