"""sla-clock: clocks follow the log, and what time brings is written down once, never early."""

from datetime import timedelta

from instance import emergency, registered

from chronicle import utc
from docket_events.access import AccessRestored, AccessRestricted
from docket_events.clock import (
    BreachWithdrawn,
    InformationDeadlinePassed,
    ResponseDueSoon,
    ResponseOverdue,
    TicketAutoClosed,
)
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
)
from people import ANN, created


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


async def test_what_is_told_of_accounts_has_no_clock_and_holds_up_no_ticket(chronicle, at) -> None:
    barred = ("2026-06-08T09:00:00", AccessRestricted("acme"))
    stream = await chronicle.account("acme", barred)
    instance = at("2026-06-08T09:00:01")
    await instance.settle()
    assert await chronicle.rows("select from docket.clocks") == []

    ticket = await emergency(chronicle)
    await chronicle.account("acme", ("2026-06-08T09:00:00", AccessRestored("acme")))
    await instance.settle()

    rows = await chronicle.rows("select ticket_id, state from docket.clocks")
    assert [tuple(row) for row in rows] == [(ticket, "running")]
    assert len(await chronicle.history(stream)) == 2
    (place,) = await chronicle.rows(
        "select position from docket.checkpoints where consumer = 'sla-clock' and position > 0"
    )
    assert place["position"] == 5


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
