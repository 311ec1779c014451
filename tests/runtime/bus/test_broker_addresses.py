"""The addresses of a broker: each node is tried in turn, and no password is ever shown."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from time import monotonic

import pytest
from pydantic import ValidationError

from docket_devstack.ports import free_port
from docket_runtime.broker_addresses import broker_addresses, place
from docket_runtime.bus import broker as bus
from docket_runtime.settings import Settings, load
from docket_runtime.unavailable import Unavailable


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("none", []),
        ("amqp://a:p@r1/", ["r1:5672"]),
        ("amqps://a:p@r1/,amqps://a:p@r2:77/", ["r1:5671", "r2:77"]),
        ("amqp://a:p@r1, amqp://a:p@r2/,", ["r1:5672", "r2:5672"]),
        ("amqp://a:p,w@r1/", ["r1:5672"]),
        ("amqp://[::1]:5673/%2F?heartbeat=2,amqp://r2/%2F", ["::1:5673", "r2:5672"]),
    ],
)
def test_addresses_stand_between_commas(text: str, places: list[str]) -> None:
    assert [place(address) for address in broker_addresses(text)] == places


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no broker"),
        ("amqp://a:secret@", "address 1 is none"),
        ("http://a:secret@r1/", "address 1 is none"),
        ("amqp://a:secret@r1,r2/", "address 1 is none"),
        ("amqp://a:secret@r1/,r2", "address 1 is none"),
        ("amqp://a:secret@r1/,amqp://a:secret@r2:nine/", "address 2 is none"),
        ("amqp://a:secret@r1/one,amqp://a:secret@r2/two", "different virtual hosts"),
    ],
)
def test_what_is_no_address_is_an_error_of_the_setting(monkeypatch, text: str, says: str) -> None:
    monkeypatch.setenv("DOCKET_AMQP_URL", text)
    with pytest.raises(ValueError, match=f"DOCKET_AMQP_URL: .*{says}") as wrong:
        load()
    assert "secret" not in str(wrong.value)
    with pytest.raises(ValidationError):
        Settings(amqp_url=text)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and says nothing, as a node that is frozen."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
async def opened() -> AsyncIterator[list[bus.AbstractConnection]]:
    connections: list[bus.AbstractConnection] = []
    yield connections
    for connection in connections:
        await connection.close()


async def test_a_dead_node_and_a_frozen_one_are_passed_over_for_one_that_answers(
    broker, silent_port, opened
) -> None:
    nobody = f"amqp://guest:secret@127.0.0.1:{free_port()}/{broker.vhost}"
    frozen = f"amqp://guest:secret@127.0.0.1:{silent_port}/{broker.vhost}"
    url = f"{nobody},{frozen},{broker.url}"
    began = monotonic()
    opened.append(await bus.connect(url, "test"))
    assert monotonic() - began < bus.CONNECT_PATIENCE_S

    again = monotonic()
    opened.append(await bus.connect(url, "test"))
    assert monotonic() - again < 1, "the one that answered last is tried first"


async def test_who_reaches_no_node_says_why_for_each_and_shows_no_password(
    broker, silent_port, monkeypatch
) -> None:
    monkeypatch.setattr(bus, "CONNECT_PATIENCE_S", 0.6)
    port = free_port()
    refused = broker.url.replace("guest:guest", "guest:secret")
    url = (
        f"amqp://guest:secret@127.0.0.1:{port}/{broker.vhost},"
        f"amqp://guest:secret@127.0.0.1:{silent_port}/{broker.vhost},{refused}"
    )
    began = monotonic()
    async with asyncio.timeout(5):
        with pytest.raises(Unavailable) as unavailable:
            await bus.connect(url, "test")
    assert monotonic() - began < 3
    said = str(unavailable.value)
    assert f"127.0.0.1:{port}: broker: " in said
    assert f"127.0.0.1:{silent_port}: broker: TimeoutError" in said
    assert "ACCESS_REFUSED" in said
    assert "secret" not in said
