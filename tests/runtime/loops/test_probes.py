"""Probes: ready only with what is needed, degraded with what is not, alive in any case."""

from collections.abc import Mapping

import httpx
from starlette.applications import Starlette

from docket_runtime.database import Database
from docket_runtime.loops import Loop
from docket_runtime.metrics import log
from docket_runtime.process import probes
from docket_runtime.process.health import HealthChecks
from docket_runtime.process.measurements import Measurements
from docket_runtime.process.probes import Check
from docket_runtime.schema.migrations import head
from docket_runtime.schema.revision import OLDEST_CODE, REVISION


async def ask(
    path: str, checks: Mapping[str, Check], degraded: Mapping[str, Check] | None = None
) -> httpx.Response:
    return await asked(Starlette(routes=probes.routes("test", checks, degraded)), path)


async def asked(app: Starlette, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def well() -> str | None:
    return None


async def unwell() -> str | None:
    return "the disk is full"


async def broken() -> str | None:
    raise ValueError("no answer")


async def test_all_well_is_ready() -> None:
    answer = await ask("/readyz", {"disk": well}, {"bus": well})
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_what_is_needed_makes_unready_with_its_reason() -> None:
    answer = await ask("/readyz", {"disk": unwell, "other": broken})
    assert answer.status_code == 503
    assert answer.json() == {
        "service": "test",
        "status": "unready",
        "checks": {"disk": "the disk is full", "other": "ValueError: no answer"},
        "leads": {},
    }


async def test_what_is_only_watched_is_shown_and_leaves_us_ready() -> None:
    answer = await ask("/readyz", {"disk": well}, {"bus": unwell})
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


async def test_alive_asks_nobody() -> None:
    assert (await ask("/livez", {"disk": unwell})).status_code == 200


async def test_a_loop_that_stands_still_is_named() -> None:
    loop = Loop("stood", well)  # type: ignore[arg-type]  # it is never run
    assert await probes.heartbeats([loop], stale_s=60)() is None
    assert "stood" in str(await probes.heartbeats([loop], stale_s=-1)())


async def test_the_database_is_looked_at_as_each_role(database) -> None:
    for role in ("docket_ticket_api", "docket_sla_clock", "docket_notifier"):
        watch = HealthChecks(
            Database(database.url(role), "watch", may_lose=True), registration_alert_minutes=30
        )
        assert await watch.database() is None
        assert await watch.migrations() is None
        assert await watch.registrations() is None
        await watch.close()


async def test_the_figures_are_brought_up_to_date_when_asked_for(database) -> None:
    reached = Database(database.url("docket_notifier"), "watch", may_lose=True)
    measured = Measurements(reached, ["relay", "notifier"])
    routes = probes.routes("test", {}, figures=[log.GROUP], measures=[measured.log])
    answer = await asked(Starlette(routes=routes), "/metrics")
    await measured.close()
    assert 'docket_log_head_position{partition="0"} 0.0' in answer.text
    assert 'docket_timers_overdue{owner="notifier"} 0.0' in answer.text


async def test_a_database_that_is_gone_is_a_reason_and_not_a_fault() -> None:
    gone = Database("postgresql://docket_notifier@127.0.0.1:1/docket", "watch", may_lose=True)
    watch = HealthChecks(gone, registration_alert_minutes=30)
    answer = await ask("/readyz", {"database": watch.database, "migrations": watch.migrations})
    await watch.close()
    assert answer.status_code == 503
    assert "out of reach" in answer.json()["checks"]["database"]


def test_the_expected_migration_is_the_newest() -> None:
    assert head() == REVISION
    assert OLDEST_CODE <= REVISION
