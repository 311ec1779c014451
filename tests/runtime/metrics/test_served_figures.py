"""A process serves the figures that it measures itself, and no other's (O-11, O-16)."""

import re

import httpx
import pytest
from starlette.applications import Starlette

import docket_runtime.metrics as figures
import notifier.app
import sla_clock.app
from docket_runtime.settings import Settings

FOREIGN = {
    "sla-clock": {"docket_http_requests_total", "docket_mails_total", "docket_stream_listeners"},
    "notifier": {"docket_http_requests_total", "docket_timers_fired_total", "docket_log_faults"},
}
OWN = {
    "sla-clock": {
        "docket_bus_published_total ",
        "docket_bus_returned_total ",
        'docket_consumer_lag_seconds{consumer="relay"} ',
        'docket_timers_oldest_due_age_seconds{owner="notifier"} ',
        "docket_timer_lateness_seconds_count ",
        'docket_tickets_due_soon{priority="High"} ',
        'docket_tickets_overdue{priority="Low"} ',
        "docket_faulty_chains ",
        "docket_calendar_years_left ",
        'docket_calendar_last_year{calendar="',
    },
    "notifier": {
        'docket_mails_total{outcome="refused"} ',
        "docket_mail_duration_seconds_count ",
        "docket_notice_owed_age_seconds ",
        'docket_bus_messages_total{outcome="dead_lettered"} ',
    },
}


@pytest.fixture
def settings(database, broker) -> Settings:
    return Settings(database_url=database.url("docket_sla_clock"), amqp_url=broker.url, env="test")


@pytest.fixture
def apps(settings, database) -> dict[str, Starlette]:
    as_notifier = {"database_url": database.url("docket_notifier")}
    return {
        "sla-clock": sla_clock.app.build(settings),
        "notifier": notifier.app.build(settings.model_copy(update=as_notifier)),
    }


async def scraped(app: Starlette) -> str:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("service", ["sla-clock", "notifier"])
async def test_a_service_serves_what_it_measures_and_nothing_of_the_others(apps, service) -> None:
    async with apps[service].router.lifespan_context(apps[service]):
        said = await scraped(apps[service])

    assert {own for own in OWN[service] if f"\n{own}" not in said} == set()
    assert {foreign for foreign in FOREIGN[service] if foreign in said} == set()
    assert 'docket_build_info{python="' in said
    assert f'service="{service}"' in said
    assert 'docket_check_ok{check="database",needed="yes"} 1.0' in said
    assert "\nprocess_resident_memory_bytes " in said
    assert "\npython_gc_collections_total" in said


def test_every_figure_of_ours_has_the_prefix_and_says_what_it_is() -> None:
    for name in figures.__all__:
        (family,) = getattr(figures, name).describe()
        assert re.fullmatch(r"docket_[a-z_]+", family.name), family.name
        assert family.documentation.endswith("."), family.name
