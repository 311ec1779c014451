"""The trace of a request: the caller's where its header says one, else one of our own (O-17)."""

import os
import subprocess
import sys

import pytest

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


async def asked_with(ann, *values: str) -> str:
    """Return the id of the trace that the answer to a request with these headers names."""
    headers = [("traceparent", value) for value in values]
    answer = await ann.http.get("/v1/packs", headers=[*headers, *ann._auth.items()])
    assert answer.status_code == 200
    return str(answer.headers["x-request-id"])


@pytest.mark.parametrize("more", ["-01", "-00", "-03"])
async def test_the_trace_of_the_caller_goes_on(ann, more) -> None:
    assert await asked_with(ann, f"00-{TRACE}-{SPAN}{more}") == TRACE


async def test_of_a_later_version_the_known_fields_are_read(ann) -> None:
    assert await asked_with(ann, f"cc-{TRACE}-{SPAN}-01-what-comes-later") == TRACE


@pytest.mark.parametrize(
    "value",
    [
        "",
        TRACE,
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01" + " " * 600,
    ],
)
async def test_what_is_no_traceparent_is_passed_over(ann, value) -> None:
    named = await asked_with(ann, value)
    assert named not in (TRACE, "0" * 32)
    assert len(named) == 32


async def test_two_headers_say_nothing(ann) -> None:
    value = f"00-{TRACE}-{SPAN}-01"
    assert await asked_with(ann, value, value) != TRACE


async def test_requests_without_a_header_have_traces_of_their_own(ann) -> None:
    assert await asked_with(ann) != await asked_with(ann)


async def test_the_events_of_a_command_carry_its_trace(ann) -> None:
    ticket = await ann.create()
    answer = await ann.post(
        f"/v1/tickets/{ticket['id']}/comment",
        {"text": "Nothing yet."},
        {"traceparent": f"00-{TRACE}-{SPAN}-01"},
    )
    events = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    assert answer.headers["x-request-id"] == TRACE
    assert events[-1]["correlation_id"].replace("-", "") == TRACE
    assert events[0]["correlation_id"] != events[-1]["correlation_id"]


def test_who_exports_nothing_does_not_load_the_sdk() -> None:
    program = (
        "import sys, ticket_api.app, sla_clock.app, notifier.app;"
        "from docket_runtime import tracing; tracing.configure('x');"
        "assert not tracing.is_on();"
        "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    subprocess.run([sys.executable, "-c", program], env=clean, check=True)
