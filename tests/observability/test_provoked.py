"""Alerts that fire because something is really broken, and end when it is mended.

The services run here, on real servers; what they serve at /metrics is what the rules are evaluated
on. Their clock goes ten minutes a second, so that what is late is late soon.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from aio_pika import Message
from alerting import Promtool
from msgspec import json
from starlette.applications import Starlette

import notifier.app
import sla_clock.app
from chronicle import Chronicle, content
from docket_devstack.ports import free_port
from docket_events.ids import in_partition
from docket_runtime import loops
from docket_runtime.bus import broker as bus
from docket_runtime.clock import wall_clock
from docket_runtime.database import Database
from docket_runtime.loops import Loop
from docket_runtime.metrics import proof
from docket_runtime.new_ids import new_id
from docket_runtime.process import probes
from docket_runtime.process.measurements import Measurements
from docket_runtime.proof.background import BackgroundVerification
from docket_runtime.settings import Settings
from people import ANN, created
from scripted_server import answering

PATIENCE_S = 30.0


def hurried() -> str:
    return f"warp:2026-06-12T10:00:00Z@{wall_clock().isoformat()}x600"


@pytest.fixture
def settings(database, broker, postbox) -> Settings:
    return Settings(
        database_url=database.url("docket_sla_clock"),
        amqp_url=broker.url,
        smtp_url=postbox.url,
        clock=hurried(),
        env="test",
    )


@pytest.fixture
def of_notifier(settings, database) -> Settings:
    return settings.model_copy(update={"database_url": database.url("docket_notifier")})


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[Starlette]:
    async with app.router.lifespan_context(app):
        yield app


async def scraped(app: Starlette) -> str:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
        return (await client.get("/metrics")).text


async def scraped_when(app: Starlette, series: str, fits: Callable[[float], bool]) -> str:
    """Return the first scrape in which a series has such a value."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            said = await scraped(app)
            if f"\n{series} " in said and fits(value_of(series, said)):
                return said
            await asyncio.sleep(0.05)


def value_of(series: str, said: str) -> float:
    return float(said.split(f"\n{series} ")[1].split("\n")[0])


async def anns_ticket(chronicle: Chronicle, number: str = "D-1") -> Any:
    ticket_id = in_partition(new_id(), 0)
    address = json.encode({"email": "ann@example.org", "name": "Ann"})
    contact, ref = content(ticket_id, "contact", address)
    return await chronicle.ticket(
        ("2026-06-12T10:00:00", created(number=number, contact=ref)),
        actor=ANN,
        contents=[contact],
        ticket_id=ticket_id,
    )


async def test_a_database_that_is_away(promtool: Promtool, own_database, settings) -> None:
    away = {"database_url": own_database.url("docket_sla_clock"), "clock": "system"}
    reached = 'docket_check_ok{check="database",needed="yes"}'
    async with running(sla_clock.app.build(settings.model_copy(update=away))) as app:
        well = await scraped(app)
        own_database.stop()
        broken = await scraped_when(app, reached, lambda ok: ok == 0)
        own_database.start()
        mended = await scraped_when(app, reached, lambda ok: ok == 1)

    alert = "DocketDatabaseUnreachable"
    assert alert not in promtool.firing((well, 5))
    assert alert in promtool.firing((well, 5), (broken, 3))
    assert alert not in promtool.firing((well, 5), (broken, 3), (mended, 2))


async def test_a_broker_that_is_away(promtool: Promtool, chronicle, settings) -> None:
    lag = 'docket_consumer_lag_seconds{consumer="relay"}'
    await anns_ticket(chronicle)
    gone = settings.model_copy(update={"amqp_url": f"amqp://127.0.0.1:{free_port()}/"})
    async with running(sla_clock.app.build(gone)) as app:
        broken = await scraped_when(app, lag, lambda seconds: seconds > 60)
    async with running(sla_clock.app.build(settings)) as app:
        mended = await scraped_when(app, lag, lambda seconds: seconds == 0)

    assert "DocketRelayBehind" in promtool.firing((broken, 4))
    assert "DocketRelayBehind" not in promtool.firing((broken, 4), (mended, 2))


async def test_a_mail_server_that_is_away(promtool: Promtool, chronicle, of_notifier) -> None:
    owed = "docket_notice_owed_age_seconds"
    await anns_ticket(chronicle)
    gone = of_notifier.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{free_port()}"})
    async with running(notifier.app.build(gone)) as app:
        await scraped_when(app, 'docket_check_ok{check="notices",needed="yes"}', lambda ok: ok == 0)
        broken = await scraped_when(app, owed, lambda seconds: seconds > 60)
    accepted = 'docket_mails_total{outcome="accepted"}'
    had = value_of(accepted, broken)
    async with running(notifier.app.build(of_notifier)) as app:
        mended = await scraped_when(app, accepted, lambda mails: mails > had)

    fired = promtool.firing((broken, 4))
    assert {"DocketMailServerAway", "DocketNotReady"} <= fired
    assert "DocketMailServerAway" not in promtool.firing((broken, 4), (mended, 2))


async def test_a_mail_server_that_refuses(promtool: Promtool, chronicle, of_notifier) -> None:
    for number in range(8):
        await anns_ticket(chronicle, f"D-{number}")
    refused = 'docket_mails_total{outcome="refused"}'
    async with answering({"RCPT": "550 5.1.1 nobody of that name"}) as server:
        app = notifier.app.build(
            of_notifier.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{server.port}"})
        )
        before = await scraped(app)
        had = value_of(refused, before)
        async with running(app):
            broken = await scraped_when(app, refused, lambda mails: mails >= had + 8)

    alert = "DocketMailsRefused"
    assert alert not in promtool.firing((before, 10))
    assert alert in promtool.firing((before, 3), (broken, 3))
    assert alert not in promtool.firing((before, 3), (broken, 20))


async def test_a_loop_that_hangs(promtool: Promtool, monkeypatch) -> None:
    passed, free, stop = 0.0, asyncio.Event(), asyncio.Event()
    real = loops.monotonic
    monkeypatch.setattr(loops, "monotonic", lambda: real() + passed)

    async def step() -> bool:
        await free.wait()
        return False

    loop = Loop("hangs", step, idle_s=0.01)
    app = Starlette(routes=probes.routes("test", {"loops": probes.heartbeats([loop])}))
    task = asyncio.create_task(loop.run(stop))
    well = await scraped(app)
    passed = 90.0  # a minute and a half later, and no step has ended
    broken = await scraped_when(
        app, 'docket_loop_heartbeat_age_seconds{loop="hangs"}', lambda age: age > 60
    )
    free.set()
    mended = await scraped_when(
        app, 'docket_loop_heartbeat_age_seconds{loop="hangs"}', lambda age: age < 60
    )
    stop.set()
    await task

    assert "DocketLoopStuck" not in promtool.firing((well, 5))
    assert "DocketLoopStuck" in promtool.firing((well, 5), (broken, 3))
    assert "DocketNotReady" in promtool.firing((well, 5), (broken, 4))
    assert "DocketLoopStuck" not in promtool.firing((well, 5), (broken, 3), (mended, 2))


async def test_a_log_that_somebody_changed(promtool: Promtool, chronicle, database) -> None:
    await anns_ticket(chronicle)
    reached = Database(database.url("docket_sla_clock"), "test", may_lose=True)
    measured, rounds = Measurements(reached, ()), BackgroundVerification(reached, (), pause_s=0)
    app = Starlette(
        routes=probes.routes("test", {}, figures=[proof.GROUP], measures=[measured.proof])
    )
    await rounds.step()
    well = await scraped(app)
    superuser = await asyncpg.connect(database.url())
    await superuser.execute("alter table docket.events disable trigger all")
    await superuser.execute("update docket.events set actor_id = 'eve' where position = 1")
    await superuser.close()
    while "docket_faulty_chains 1.0" not in (broken := await scraped(app)):
        await rounds.step()
    await rounds.close()
    await measured.close()

    assert "DocketLogDamaged" not in promtool.firing((well, 2))
    assert "DocketLogDamaged" in promtool.firing((well, 2), (broken, 1))


async def test_a_message_that_nobody_understands(promtool: Promtool, broker, of_notifier) -> None:
    connection = await bus.connect(broker.url, "a stranger")
    topology = await bus.declare(connection)
    await topology.channel.default_exchange.publish(Message(b"hello"), bus.NOTIFIER_QUEUE)
    async with running(notifier.app.build(of_notifier)) as app:
        series = 'docket_dead_letters{queue="docket.notifier.dead"}'
        broken = await scraped_when(app, series, lambda letters: letters == 1)
        await (await topology.channel.get_queue(bus.DEAD)).purge()
        mended = await scraped_when(app, series, lambda letters: letters == 0)
    await bus.leave(connection)

    assert "DocketDeadLetters" in promtool.firing((broken, 7))
    assert "DocketDeadLetters" not in promtool.firing((broken, 7), (mended, 2))
