"""sla-clock: clocks follow the log, and what time brings is written down once, never early."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from chronicle import ANN, BEN, IMPORT, Chronicle, created, frozen, utc
from docket_events.clock import (
    BreachWithdrawn,
    InformationDeadlinePassed,
    ResponseDueSoon,
    ResponseOverdue,
    TicketAutoClosed,
)
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
    TicketImported,
)
from docket_runtime.clock import new_id
from docket_runtime.database import Database
from docket_runtime.store.model import Unavailable
from sla_clock.clocks import Clocks
from sla_clock.firing import Firing


def registered(at: str) -> RegistrationNoticeSent:
    return RegistrationNoticeSent(utc(at), new_id())


@pytest.fixture
def chronicle(database) -> Chronicle:
    return Chronicle(database.url(), "2026-06-08T09:00:00")


@pytest.fixture
async def at(database):
    """Give the two loops of an instance whose present is frozen at an instant."""
    made = []

    def at(now: str) -> "Instance":
        made.append(Instance(database.url("docket_sla_clock"), now))
        return made[-1]

    yield at
    for instance in made:
        await instance.close()


class Instance:
    """One sla-clock process of a test."""

    def __init__(self, url: str, now: str) -> None:
        reached = Database(url, "sla-clock", frozen(now), may_lose=True)
        self.clocks, self.firing = Clocks(reached), Firing(reached)

    async def settle(self) -> None:
        """Let both loops go on until neither finds work."""
        while [step for step in (self.clocks, self.firing) if await step.step()]:
            pass

    async def close(self) -> None:
        await self.clocks.close()
        await self.firing.close()


async def emergency(chronicle: Chronicle, number: str = "1", at: str = "2026-06-08T09:00:00"):
    """Return an emergency, by default of Monday nine o'clock."""
    return await chronicle.ticket(
        (at, created(number=number)),
        (at, registered(at)),
        (at, PriorityChanged("Emergency", "Low")),
    )


async def test_R_6_7_a_clock_is_counted_and_its_timers_are_armed(chronicle, at) -> None:
    ticket = await emergency(chronicle)
    instance = at("2026-06-08T09:00:01")
    await instance.settle()
    (row,) = await chronicle.rows("select * from docket.clocks")
    assert (row["ticket_id"], row["version"], row["turn"]) == (ticket, 3, 1)
    assert (row["state"], row["priority"], row["overdue"]) == ("running", "Emergency", False)
    timers = await chronicle.rows(
        "select name, key, fires_at, due_at from docket.timers order by 3"
    )
    due = row["due_at"]
    assert [(t["name"], t["key"], t["due_at"]) for t in timers] == [
        ("ResponseDueSoon", "1", due),
        ("ResponseOverdue", "1", due),
    ]
    assert (await chronicle.types(ticket))[-1] == "PriorityChanged"


async def test_a_warning_and_a_breach_are_written_at_their_instants_and_not_before(
    chronicle, at
) -> None:
    ticket = await emergency(chronicle)
    await at("2026-06-08T09:00:01").settle()
    (soon, over) = await chronicle.rows("select fires_at, due_at from docket.timers order by 1")
    for timer, kind in ((soon, ResponseDueSoon), (over, ResponseOverdue)):
        fires_at = timer["fires_at"]
        before = await chronicle.types(ticket)
        await at(f"{fires_at - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}").settle()
        assert await chronicle.types(ticket) == before
        await at(f"{fires_at:%Y-%m-%dT%H:%M:%S}").settle()
        last = (await chronicle.history(ticket))[-1]
        assert isinstance(last.event, kind)
        assert (last.occurred_at, last.event.due_at) == (fires_at, timer["due_at"])
        assert (last.actor.kind, last.actor.id) == ("service", "sla-clock")
    assert await chronicle.rows("select from docket.timers") == []
    (row,) = await chronicle.rows("select overdue from docket.clocks")
    assert row["overdue"]


async def test_R_6_9_b_the_72_hours_end_after_their_last_valid_second(chronicle, at) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T15:00:00", created()),
        ("2026-06-12T15:00:00", registered("2026-06-12T15:00:00")),
        (
            "2026-06-12T16:00:00",
            InformationRequested("q1", deadline=utc("2026-06-15T16:00:00"), clause="R-6.9-b"),
        ),
    )
    await at("2026-06-15T16:00:00").settle()
    assert (await chronicle.types(ticket))[-1] == "InformationRequested"
    await at("2026-06-15T16:00:01").settle()
    last = (await chronicle.history(ticket))[-1]
    assert last.event == InformationDeadlinePassed("q1", utc("2026-06-15T16:00:00"), "R-6.9-b")
    await at("2026-06-16T16:00:01").settle()
    assert (await chronicle.types(ticket))[-1] == "InformationDeadlinePassed"


async def test_an_answer_in_time_disarms_the_deadline_even_when_the_clocks_are_behind(
    chronicle, at
) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T15:00:00", created(channel="email")),
        (
            "2026-06-12T16:00:00",
            InformationRequested("q1", deadline=utc("2026-06-15T16:00:00"), clause="R-6.9-b"),
        ),
    )
    await at("2026-06-12T16:00:01").settle()
    await chronicle.then(ticket, ("2026-06-15T16:00:00", InformationProvided("q1")), actor=ANN)
    late = at("2026-06-15T16:00:01")
    assert await late.firing.step()  # the timer is there still; deciding again finds nothing
    assert (await chronicle.types(ticket))[-1] == "InformationProvided"
    await late.settle()
    assert await chronicle.rows("select from docket.timers") == []


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


async def test_a_response_that_races_the_breach_leaves_the_timer_for_the_next_round(
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
    assert not await firing
    await holder.close()
    assert len(await chronicle.rows("select from docket.timers")) == 2
    assert (await chronicle.types(ticket))[-1] == "UserCommented"


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


async def test_I_3_6_a_ticket_whose_user_is_silent_for_seven_days_is_closed_once(
    chronicle, at
) -> None:
    under_i = created(
        pack="infrastructure",
        revision="I-2025-09-08",
        product="VMmanager 6",
        service_level="Standard",
        priority="High",
    )
    ticket = await chronicle.ticket(
        ("2026-06-10T09:00:00", under_i),
        ("2026-06-10T09:00:00", registered("2026-06-10T09:00:00")),
        ("2026-06-10T14:37:00", ResponseSent()),
    )
    await at("2026-06-17T23:59:59").settle()
    assert (await chronicle.types(ticket))[-1] == "ResponseSent"
    await at("2026-06-18T00:00:00").settle()
    last = (await chronicle.history(ticket))[-1]
    assert last.event == TicketAutoClosed("auto_no_reply", "I-3.6", utc("2026-06-18T00:00:00"))
    (row,) = await chronicle.rows("select status, closed_at from docket.tickets")
    assert (row["status"], row["closed_at"]) == ("closed", utc("2026-06-18T00:00:00"))
    await at("2026-06-19T00:00:00").settle()
    assert (await chronicle.types(ticket)).count("TicketAutoClosed") == 1


async def test_C_09_a_breach_that_a_later_event_undid_is_withdrawn_at_once(chronicle, at) -> None:
    ticket = await emergency(chronicle)
    await at("2026-06-08T17:00:01").settle()
    assert (await chronicle.types(ticket))[-1] == "ResponseOverdue"
    await chronicle.then(ticket, ("2026-06-08T17:30:00", PriorityChanged("Low", "Emergency")))
    await at("2026-06-08T17:30:01").settle()
    last = (await chronicle.history(ticket))[-1]
    assert last.event == BreachWithdrawn(1, utc("2026-06-08T17:00:00"), "R-6.7-LOW")
    (row,) = await chronicle.rows("select overdue from docket.clocks")
    assert not row["overdue"]
    await at("2026-06-08T18:30:00").settle()
    assert (await chronicle.types(ticket)).count("BreachWithdrawn") == 1


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
