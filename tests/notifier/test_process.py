"""The whole processes in one: sla-clock relays, notifier tells, both say how they are."""

import asyncio
from contextlib import AsyncExitStack

import aio_pika
import httpx
import pytest
from starlette.applications import Starlette

import notifier.app
import sla_clock.app
from chronicle import Chronicle
from docket_runtime.bus.broker import DEAD
from docket_runtime.settings import Settings
from people import created


def settings(database, role: str, amqp_url: str, smtp_url: str) -> Settings:
    return Settings(
        database_url=database.url(role), amqp_url=amqp_url, smtp_url=smtp_url, env="test"
    )


async def readiness(app: Starlette) -> tuple[int, str]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/readyz")
        metrics = await client.get("/metrics")
    assert "docket_loop_heartbeat_age_seconds" in metrics.text
    return answer.status_code, answer.json()["status"]


@pytest.mark.parametrize("bus", ["with a bus", "without a bus"])
async def test_a_new_ticket_is_told_and_counted(database, broker, postbox, bus) -> None:
    amqp_url = broker.url if bus == "with a bus" else "none"
    chronicle = Chronicle(database.url(), "2026-06-08T09:00:00")
    apps = [
        sla_clock.app.build(settings(database, "docket_sla_clock", amqp_url, postbox.url)),
        notifier.app.build(settings(database, "docket_notifier", amqp_url, postbox.url)),
    ]
    async with AsyncExitStack() as running:
        for app in apps:
            await running.enter_async_context(app.router.lifespan_context(app))
        ticket = await chronicle.ticket(("2026-06-08T09:00:00", created()))
        async with asyncio.timeout(20):
            while not (
                clocks := await chronicle.rows("select * from docket.clocks where turn = 1")
            ):
                await asyncio.sleep(0.02)
            for app in apps:
                while await readiness(app) != (200, "ready"):
                    await asyncio.sleep(0.02)
    assert clocks[0]["ticket_id"] == ticket
    assert (await chronicle.types(ticket))[:2] == ["TicketCreated", "RegistrationNoticeSent"]


async def test_what_is_wrong_with_the_dead_letters_is_a_note_of_readiness(
    database, broker, postbox
) -> None:
    """A classic queue of an earlier release is used, and notifier is ready all the same."""
    connection = await aio_pika.connect(broker.url)
    channel = await connection.channel()
    await channel.declare_queue(DEAD, durable=True)
    await connection.close()
    app = notifier.app.build(settings(database, "docket_notifier", broker.url, postbox.url))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
        asyncio.timeout(20),
    ):
        while True:
            answer = await client.get("/readyz")
            checks = answer.json()["checks"]
            if "is used as it is" in checks["dead_letters"]:
                break
            await asyncio.sleep(0.05)
        assert answer.status_code == 200
        assert answer.json()["status"] == "degraded"
        assert checks["topology"] == "ok"
