"""The metrics of ticket-api: requests by route, status and code, appends, streams (O-16)."""

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from docket_runtime.process import probes


@pytest.fixture(autouse=True)
def every_scrape_measures(monkeypatch):
    monkeypatch.setattr(probes, "FRESH_S", -1.0)


async def samples(http):
    """Return what a scrape says, by name and labels."""
    said = (await http.get("/metrics")).text
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families(said)
        for sample in family.samples
    }


async def grown(http, asked):
    """Return by how much each sample has grown while something was asked."""
    before = await samples(http)
    await asked
    after = await samples(http)
    return {key: value - before.get(key, 0) for key, value in after.items()}


def requests(code, method, route, status):
    labels = {"code": code, "method": method, "route": route, "status": status}
    return ("docket_http_requests_total", *sorted(labels.items()))


def seconds(method, route):
    return ("docket_http_request_duration_seconds_count", ("method", method), ("route", route))


async def test_a_request_counts_by_its_route_with_the_verb_of_the_command(http, ann) -> None:
    ticket = await ann.create()

    more = await grown(http, ann.tell(ticket, "comment", text="Nothing yet."))

    route = "/v1/tickets/{ticket_id}/comment"
    assert more[requests("", "POST", route, "200")] == 1
    assert more[seconds("POST", route)] == 1


async def test_a_refusal_counts_by_its_code(http, ann, eve) -> None:
    ticket = await ann.create()

    more = await grown(http, eve.get(f"/v1/tickets/{ticket['id']}"))

    assert more[requests("not_found", "GET", "/v1/tickets/{ticket_id}", "404")] == 1


@pytest.mark.parametrize("path", ["/v1/zoe@example.org", "/v1/tickets/x/zoe"])
async def test_no_caller_makes_a_series_by_a_path_of_its_own(http, ann, path) -> None:
    more = await grown(http, ann.get(path))

    assert more[requests("not_found", "GET", "unknown", "404")] == 1
    assert not [key for key in more if "zoe" in str(key)]


async def test_probes_and_scrapes_are_no_requests(http) -> None:
    more = await grown(http, http.get("/readyz"))

    assert not [key for key, value in more.items() if "http_request" in key[0] and value]


async def test_an_append_counts_with_its_batch_and_its_outcome(http, ann) -> None:
    ticket = await ann.create()

    more = await grown(http, ann.tell(ticket, "comment", text="Nothing yet."))

    assert more["docket_appends_total", ("outcome", "written")] == 1
    assert more[("docket_append_batch_size_sum",)] == 1
    assert more[("docket_append_duration_seconds_count",)] == 1
    assert more[("docket_append_call_duration_seconds_count",)] == 1
    assert more[("docket_events_appended_total",)] == 1


async def test_ticket_api_serves_nothing_that_others_measure(http) -> None:
    said = {name for name, *_ in await samples(http)}

    assert {"docket_database_pool_size", "docket_stream_listeners"} <= said
    assert not {"docket_mails_total", "docket_parked_tickets", "docket_bus_published_total"} & said
