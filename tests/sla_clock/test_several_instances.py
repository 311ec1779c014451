"""Several instances, races, outages: each timer fires once and no ticket holds up another."""

import asyncio
from collections import Counter

import pytest
from instance import Instance, emergency, registered

from chronicle import Chronicle
from docket_events.ticket import (
    PriorityChanged,
    ResponseSent,
    TicketImported,
)
from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable
from people import BEN, IMPORT, created


async def test_two_instances_fire_each_timer_once(chronicle, at) -> None:
    for n in range(40):
        await emergency(chronicle, str(n))
    await at("2026-06-08T09:00:01").settle()
    instances = [at("2026-06-10T09:00:00") for _ in range(2)]
    async with asyncio.timeout(60):
        await asyncio.gather(*(instance.settle() for instance in instances))
    rows = await chronicle.rows("select ticket_id, type from docket.events where type like 'Resp%'")
    assert Counter(row["type"] for row in rows) == {"ResponseDueSoon": 40, "ResponseOverdue": 40}
    assert len({(row["ticket_id"], row["type"]) for row in rows}) == 80


async def test_after_an_outage_every_overdue_timer_fires_in_order(chronicle, at) -> None:
    tickets = [await emergency(chronicle, str(n)) for n in range(10)]
    await at("2026-06-12T12:00:00").settle()
    for ticket in tickets:
        assert (await chronicle.types(ticket))[-2:] == ["ResponseDueSoon", "ResponseOverdue"]
    assert await chronicle.rows("select from docket.timers") == []


async def test_two_instances_share_the_log_without_counting_anything_twice(chronicle, at) -> None:
    for n in range(30):
        await emergency(chronicle, str(n))
    instances = [at("2026-06-08T09:00:01") for _ in range(3)]
    await asyncio.gather(*(instance.settle() for instance in instances))
    (row,) = await chronicle.rows(
        "select position, head_position from docket.checkpoints"
        " join docket.log_partitions using (partition) where consumer = 'sla-clock'"
    )
    assert row["position"] == row["head_position"]
    assert len(await chronicle.rows("select from docket.clocks")) == 30


async def test_an_instance_that_dies_in_the_middle_loses_nothing(chronicle, at, database) -> None:
    ticket = await emergency(chronicle)
    dying = at("2026-06-12T12:00:00")
    await dying.settle()
    fired = await chronicle.types(ticket)
    await chronicle.then(ticket, ("2026-06-12T12:00:01", ResponseSent()))
    other = await emergency(chronicle, "2", "2026-06-12T12:00:01")
    await chronicle.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'sla-clock' and datname = current_database()"
    )
    heir = at("2026-06-19T14:00:00")
    await heir.settle()
    assert await chronicle.types(ticket) == [*fired, "ResponseSent"]
    assert (await chronicle.types(other))[-2:] == ["ResponseDueSoon", "ResponseOverdue"]


async def test_a_timer_that_a_message_overtakes_is_decided_again_behind_it_in_the_same_round(
    chronicle, at, database
) -> None:
    ticket = await emergency(chronicle)
    await at("2026-06-08T09:00:01").settle()
    holder = await chronicle.database.connect()
    async with holder.transaction():
        await holder.execute("select from docket.log_partitions for update")
        firing = asyncio.create_task(at("2026-06-10T12:00:00").firing.step())
        await blocked(chronicle)
        await holder.execute(
            "insert into docket.events select partition, position + 100, ticket_id, version + 1,"
            " $1, 'UserCommented', 1, convert_to('{}', 'utf8'), occurred_at, recorded_at,"
            " 'customer', 'ann', null, correlation_id, null, hash"
            " from docket.events where ticket_id = $2 and version = 3",
            new_id(),
            ticket,
        )
    assert await firing
    await holder.close()
    assert await chronicle.rows("select from docket.timers") == []
    assert (await chronicle.types(ticket))[-3:] == [
        "UserCommented",
        "ResponseDueSoon",
        "ResponseOverdue",
    ]


async def blocked(chronicle: Chronicle) -> None:
    """Wait until somebody waits for a lock."""
    async with asyncio.timeout(1.5):
        while not await chronicle.rows("select from pg_locks where not granted"):
            await asyncio.sleep(0.01)


async def test_an_imported_past_arms_nothing_and_what_is_ahead_does(chronicle, at) -> None:
    past = await chronicle.ticket(
        ("2016-02-29T09:00:00", created()),
        ("2016-02-29T09:00:00", TicketImported("helpdesk", "INC0000045")),
        ("2016-02-29T09:00:00", registered("2016-02-29T09:00:00")),
        actor=IMPORT,
    )
    recent = await chronicle.ticket(
        ("2026-06-08T08:59:00", created(number="2")),
        ("2026-06-08T08:59:00", TicketImported("helpdesk", "INC0000046")),
        ("2026-06-08T08:59:00", registered("2026-06-08T08:59:00")),
        ("2026-06-08T08:59:00", PriorityChanged("Emergency", "Low")),
        actor=IMPORT,
    )
    await at("2026-07-08T09:00:00").settle()
    assert (await chronicle.types(past))[-1] == "RegistrationNoticeSent"
    assert (await chronicle.types(recent))[-2:] == ["ResponseDueSoon", "ResponseOverdue"]
    assert len(await chronicle.rows("select from docket.clocks")) == 2


async def test_a_ticket_that_cannot_be_counted_is_parked_and_holds_up_no_other(
    chronicle, at
) -> None:
    broken = await emergency(chronicle, "1")
    whole = await emergency(chronicle, "2")
    beyond = await chronicle.ticket(
        ("2026-06-08T09:00:00", created(number="3", revision="R-1999")), actor=BEN
    )
    await chronicle.rows("alter table docket.events disable trigger user")
    await chronicle.rows("update docket.events set type = 'Unheard' where ticket_id = $1", broken)
    await at("2026-06-10T12:00:00").settle()
    rows = await chronicle.rows("select ticket_id, state from docket.clocks")
    states = {row["ticket_id"]: row["state"] for row in rows}
    assert (states[broken], states[beyond]) == ("parked", "parked")
    assert (await chronicle.types(whole))[-1] == "ResponseOverdue"


async def test_a_database_that_crashed_is_waited_for_and_every_timer_fires(own_database) -> None:
    chronicle = Chronicle(own_database.url(), "2026-06-08T09:00:00")
    tickets = [await emergency(chronicle, str(n)) for n in range(5)]
    instance = Instance(own_database.url("docket_sla_clock"), "2026-06-12T12:00:00")
    assert await instance.clocks.step()
    await asyncio.to_thread(own_database.crash)
    for step in (instance.clocks.step, instance.firing.step):
        with pytest.raises(Unavailable):
            await step()
    await asyncio.to_thread(own_database.start)
    await instance.settle()
    await instance.close()
    for ticket in tickets:
        assert (await chronicle.types(ticket))[-2:] == ["ResponseDueSoon", "ResponseOverdue"]
