"""A leader that hangs is replaced within ten seconds, and does nothing when it wakes."""

import asyncio
import os
import signal
from time import monotonic

import asyncpg
from house import House, eventually

WITHIN_S = 10.0
DONE = """
    select count(*) = 2 from docket.log_partitions join docket.checkpoints using (partition)
    where consumer in ('relay', 'sla-clock') and position = head_position
"""
LED = """
    select count(*) from docket.leases
    where consumer = $1 and holder is not null and expires_at > clock_timestamp()
"""


async def ask(url: str, query: str, *arguments: object) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()


def test_frozen_leaders_are_replaced_and_write_nothing_when_they_wake(own_house: House) -> None:
    house, url = own_house, own_house.database.url()
    house.start()
    ann = house.caller("customer", "ann", "acme")
    body = {"product": "VMmanager 6", "contact": {"email": "ann@acme.example"}}
    first = ann.post("/v1/tickets", **body).json()["id"]
    ann.sees(first, "RegistrationNoticeSent")
    assert asyncio.run(ask(url, LED, "relay")) == 1
    house.start_another("sla-clock")
    house.start_another("notifier")
    frozen = [house.pid("sla-clock"), house.pid("notifier")]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)

    began = monotonic()
    ticket = ann.post("/v1/tickets", **body).json()["id"]
    ann.sees(ticket, "RegistrationNoticeSent")
    told_s = monotonic() - began
    eventually(lambda: asyncio.run(ask(url, DONE)), "the bus and the clocks have all")
    done_s = monotonic() - began
    for pid in frozen:
        os.kill(pid, signal.SIGCONT)

    assert max(told_s, done_s) <= WITHIN_S
    eventually(lambda: house.ready("sla-clock"), "the one that woke is ready")
    eventually(lambda: house.ready("notifier"), "the one that woke is ready")
    types = [event["type"] for event in ann.history(ticket)]
    assert types.count("RegistrationNoticeSent") == 1
    assert len(house.mailboxes.about("registered")) == 2
