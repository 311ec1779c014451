"""A broker that blocks who publishes, as those see it who stand outside."""

import asyncio

import asyncpg
import pytest
from house import eventually

RELAYED = """
    select position = head_position from docket.log_partitions
    join docket.checkpoints using (partition) where consumer = 'relay'
"""


async def answer_to(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.mark.full
def test_a_broker_short_of_memory_is_not_felt_by_those_who_ask_and_are_told(own_house):
    """F11: commands are taken, users are told by the net, and the bus gets all of it later."""
    ann, max_ = own_house.caller("customer", "ann", "acme"), own_house.caller("agent", "max")
    url = own_house.database.url()
    body = {"product": "VMmanager 6", "contact": {"email": "ann@acme.example"}}
    own_house.start()
    first = ann.post("/v1/tickets", **body).json()["id"]
    ann.sees(first, "RegistrationNoticeSent")
    eventually(lambda: asyncio.run(answer_to(url, RELAYED)), "the bus has all")

    with own_house.broker.alarmed():
        ticket = ann.post("/v1/tickets", **body).json()["id"]
        max_.tell(ticket, "respond", text="Restart the agents.")
        ann.sees(ticket, "RegistrationNoticeSent")
        assert own_house.ready("ticket-api")
        assert own_house.ready("sla-clock")
        assert own_house.ready("notifier")
        assert not asyncio.run(answer_to(url, RELAYED))

    eventually(lambda: asyncio.run(answer_to(url, RELAYED)), "the bus has all again")
    assert len(own_house.mailboxes.about("registered")) == 2
