"""A rolling upgrade: the schema moves on, every service is replaced, and no request fails."""

import asyncio
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import asyncpg
from house import Caller, House, eventually
from service_host import SERVICES

NEXT_SCHEMA = """
    alter table docket.tickets add column mood text;
    create table docket.moods (mood text primary key);
    create function docket.append_batch_v2() returns void language sql as 'select';
    update alembic_version set version_num = '9999';
"""
"""What the next release might add; whose services run on it stays as it is."""


async def migrate(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("set lock_timeout = '5s'")
        await connection.execute(NEXT_SCHEMA)
    finally:
        await connection.close()


class Traffic:
    """Customers who open tickets and write on them, until they are stopped."""

    def __init__(self, callers: list[Caller]) -> None:
        self.callers = callers
        self.statuses = Counter[int]()
        self._stop = threading.Event()

    def run(self) -> None:
        while not self._stop.is_set():
            for caller in list(self.callers):
                opened = caller.post("/v1/tickets", product="VMmanager 6")
                self.statuses[opened.status_code] += 1
                said = caller.post(f"/v1/tickets/{opened.json()['id']}/comment", text="Hello?")
                self.statuses[said.status_code] += 1

    def stop(self) -> None:
        self._stop.set()


def test_the_schema_moves_on_and_every_service_is_replaced_under_traffic(house: House) -> None:
    house.start()
    first = house.caller("customer", "ann", "acme")
    traffic = Traffic([first])
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(traffic.run)
        asyncio.run(migrate(house.database.url()))
        assert all(house.ready(name) for name in SERVICES)
        second = {name: house.start_another(name) for name in SERVICES}
        traffic.callers.append(first.at(second["ticket-api"]))
        house.stop("sla-clock", "notifier")
        traffic.callers.remove(first)  # as a load balancer does before it stops an instance
        moment = traffic.statuses.total()
        eventually(lambda: traffic.statuses.total() >= moment + 4, "the last requests are done")
        house.stop("ticket-api")
        moment = traffic.statuses.total()
        eventually(lambda: traffic.statuses.total() >= moment + 20, "the others go on")
        traffic.stop()
        running.result()

    assert set(traffic.statuses) == {200, 201}
    ticket = traffic.callers[0].post("/v1/tickets", product="VMmanager 6").json()["id"]
    traffic.callers[0].sees(ticket, "RegistrationNoticeSent")
