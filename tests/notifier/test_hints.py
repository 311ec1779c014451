"""The net and the alarms: without any message, nobody is forgotten."""

import asyncio
from datetime import timedelta

import pytest

from chronicle import Chronicle, frozen, utc
from docket_events.account import LicenseRecorded
from docket_events.notice import ClosureNoticeSent
from docket_events.ticket import ClosureDecided, InformationRequested, TicketImported
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from notifier.reconciler import Alarms, Reconciler
from people import IMPORT, created


@pytest.fixture
def chronicle(database) -> Chronicle:
    return Chronicle(database.url(), "2026-06-12T10:00:00")


@pytest.fixture
async def net_at(database, desk_at):
    """Give a net whose present is frozen at an instant."""
    made = []

    def net_at(now: str, *, head_start: timedelta = timedelta(seconds=30)) -> Reconciler:
        reached = Database(database.url("docket_notifier"), "net", frozen(now), may_lose=True)
        made.append(Reconciler(reached, desk_at(now), head_start=head_start))
        return made[-1]

    yield net_at
    for net in made:
        await net.close()


@pytest.fixture
async def alarms_at(database, desk_at):
    """Give the alarms of a present that is frozen at an instant."""
    made = []

    def alarms_at(now: str) -> Alarms:
        reached = Database(database.url("docket_notifier"), "alarms", frozen(now), may_lose=True)
        made.append(Alarms(reached, desk_at(now)))
        return made[-1]

    yield alarms_at
    for alarms in made:
        await alarms.close()


async def test_the_net_passes_by_what_is_told_of_accounts(chronicle, net_at) -> None:
    license_ = LicenseRecorded("acme", "L-1", "VMmanager 6")
    stream = await chronicle.account("acme", ("2026-06-12T10:00:00", license_))
    ticket = await chronicle.ticket(("2026-06-12T10:00:00", created()))

    await works(net_at("2026-06-12T10:05:00"))

    assert await chronicle.types(stream) == ["LicenseRecorded"]
    assert await chronicle.types(ticket) == ["TicketCreated", "RegistrationNoticeSent"]


async def test_the_net_leaves_the_bus_its_head_start_and_then_finds_what_is_owed(
    chronicle, net_at
) -> None:
    ticket = await chronicle.ticket(("2026-06-12T10:00:00", created()))
    await relayed_up_to(chronicle, 1)
    early = net_at("2026-06-12T10:00:29")
    assert not await early.step()
    await early.close()
    await works(net_at("2026-06-12T10:00:30"))
    assert await chronicle.types(ticket) == ["TicketCreated", "RegistrationNoticeSent"]


async def test_the_net_does_not_wait_for_a_relay_that_is_far_behind(chronicle, net_at) -> None:
    ticket = await chronicle.ticket(("2026-06-12T10:00:00", created()))
    early = net_at("2026-06-12T10:00:00")
    assert not await early.step()
    await early.close()
    await works(net_at("2026-06-12T10:00:01"))
    assert await chronicle.types(ticket) == ["TicketCreated", "RegistrationNoticeSent"]


async def test_a_batch_ends_with_its_hundredth_ticket(chronicle, net_at) -> None:
    for n in range(101):
        await chronicle.ticket(("2026-06-12T10:00:00", created(number=str(n), channel="api")))
    net = net_at("2026-06-12T10:00:31")
    positions = []
    while await net.step():
        (row,) = await chronicle.rows("select position from docket.checkpoints")
        positions.append(row["position"])
    assert positions == [100, 101]


async def works(net: Reconciler) -> None:
    """Wait until a net finds work, as soon as the one that led before it has gone."""
    async with asyncio.timeout(10):
        while not await net.step():
            await asyncio.sleep(0.01)


async def relayed_up_to(chronicle: Chronicle, position: int) -> None:
    """Let the log look as if the relay had published so far."""
    await chronicle.rows(
        "insert into docket.checkpoints"
        " select 0, 'relay', log_id, $1, docket.present() from docket.log_meta",
        position,
    )


async def test_without_a_broker_the_net_alone_sends_every_kind_of_notice(chronicle, net_at) -> None:
    asked = await chronicle.ticket(
        ("2026-06-12T10:00:00", created()), ("2026-06-12T10:00:00", InformationRequested("q1"))
    )
    closing = await chronicle.ticket(
        ("2026-06-12T10:00:00", created(number="2", channel="email")),
        ("2026-06-12T10:00:00", ClosureDecided("resolved", "R-6.10-a")),
    )
    net = net_at("2026-06-12T10:00:01", head_start=timedelta(0))
    while await net.step():
        pass
    assert (await chronicle.types(asked))[2:] == ["RegistrationNoticeSent", "NoticeSent"]
    assert (await chronicle.types(closing))[2:] == ["ClosureNoticeSent"]


async def test_imported_events_are_passed_over(chronicle, net_at) -> None:
    ticket = await chronicle.ticket(
        ("2016-02-29T01:16:00", created()),
        ("2016-02-29T01:16:00", TicketImported("helpdesk", "INC0000045")),
        actor=IMPORT,
    )
    net = net_at("2026-06-12T11:00:00")
    assert await net.step()
    assert not await net.step()
    assert (await chronicle.types(ticket))[-1] == "TicketImported"


async def test_one_of_two_nets_leads_and_the_other_takes_over(chronicle, net_at) -> None:
    leader, other = (net_at("2026-06-12T11:00:00", head_start=timedelta(0)) for _ in range(2))
    await chronicle.ticket(("2026-06-12T10:00:00", created()))
    assert await leader.step()
    second = await chronicle.ticket(("2026-06-12T10:00:00", created(number="2")))
    assert not await other.step()
    await leader.close()
    await works(other)
    assert (await chronicle.types(second))[-1] == "RegistrationNoticeSent"


async def test_R_6_10_b_two_instances_make_a_closing_final_once(chronicle, alarms_at) -> None:
    sent_at = utc("2026-06-12T18:03:00")
    until = utc("2026-06-18T00:00:00")
    tickets = [
        await chronicle.ticket(
            ("2026-06-12T10:00:00", created(number=str(n), channel="email")),
            ("2026-06-12T18:00:00", ClosureDecided("resolved", "R-6.10-a")),
            ("2026-06-12T18:03:00", ClosureNoticeSent(sent_at, new_id(), until)),
        )
        for n in range(20)
    ]
    await chronicle.rows(
        "insert into docket.timers select partition, ticket_id, 'notifier', 'ClosureBecameFinal',"
        " 'k', $1, $1, 'R-6.10-b', version from docket.tickets",
        until,
    )
    early = alarms_at("2026-06-17T23:59:59")
    assert not await early.step()
    instances = [alarms_at("2026-06-18T00:00:00") for _ in range(2)]
    async with asyncio.timeout(30):
        while await chronicle.rows("select from docket.timers"):
            await asyncio.gather(*(alarms.step() for alarms in instances))
    for ticket in tickets:
        assert (await chronicle.types(ticket)).count("ClosureBecameFinal") == 1


async def test_an_alarm_brings_back_what_a_dead_mail_server_left_owed(
    chronicle, alarms_at, desk_at, postbox
) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created(channel="email")),
        ("2026-06-12T10:00:00", ClosureDecided("resolved", "R-6.10-a")),
    )
    await chronicle.rows(
        "insert into docket.timers select partition, ticket_id, 'notifier', 'NoticeOwed',"
        " 'k', $1, null, null, version from docket.tickets",
        utc("2026-06-12T10:01:00"),
    )
    assert await alarms_at("2026-06-12T10:01:00").step()
    assert (await chronicle.types(ticket))[-1] == "ClosureNoticeSent"


async def test_the_alarm_of_a_ticket_at_fault_waits_and_keeps_no_other_out(
    chronicle, alarms_at
) -> None:
    broken = await chronicle.ticket(("2026-06-12T10:00:00", created(revision="R-1999")))
    await chronicle.rows(
        "insert into docket.timers select partition, ticket_id, 'notifier', 'NoticeOwed',"
        " 'k', $1, null, null, version from docket.tickets",
        utc("2026-06-12T10:01:00"),
    )
    alarms = alarms_at("2026-06-12T10:01:00")
    assert await alarms.step()
    assert not await alarms.step()
    (row,) = await chronicle.rows("select ticket_id, fires_at from docket.timers")
    assert tuple(row) == (broken, utc("2026-06-12T10:11:00"))
