"""A ticket that has ended owes nothing: in lists, orders, clocks, deadlines and on the console.

R-6.3, R-6.10, R-6.6-a, I-3.2; one answer for every phase that ends a ticket.
"""

from uuid import UUID

import asyncpg
import pytest

from chronicle import Chronicle, utc
from docket_events.notice import ClosureNoticeSent, RegistrationNoticeSent
from docket_runtime.new_ids import new_id

NOON = "2026-06-08T12:00:00"
UNDER_I = {"product": "VMmanager 6", "edition": "Infrastructure", "service_level": "Standard"}


async def merged(ann, max_, log):
    ticket, target = await ann.create(), await ann.create()
    for each in (ticket, target):
        await registered(log, each)
    await max_.tell(target, "merge", sources=[ticket["id"]])
    return ticket


async def revoked(ann, max_, log):
    ticket = await ann.create()
    await registered(log, ticket)
    await ann.tell(ticket, "revoke")
    return ticket


async def rejected(ann, max_, log):
    ticket = await ann.create(**UNDER_I, priority="High")
    await registered(log, ticket)
    await max_.tell(ticket, "reject", reason="out_of_scope")
    return ticket


async def closed(ann, max_, log):
    ticket = await ann.create()
    await registered(log, ticket)
    await max_.tell(ticket, "close", reason="resolved")
    notice = ClosureNoticeSent(utc(NOON), new_id(), utc("2026-06-14T00:00:00"))
    await log.then(UUID(ticket["id"]), (NOON, notice))
    return ticket


ENDED = {
    "merged_into": (merged, "R-6.3-a"),
    "revoked": (revoked, "R-6.6-a"),
    "rejected": (rejected, "I-3.2-e"),
    "closed": (closed, "R-6.10-c"),
}


async def registered(log, ticket):
    await log.then(UUID(ticket["id"]), (NOON, RegistrationNoticeSent(utc(NOON), new_id())))


@pytest.fixture
def log(database):
    return Chronicle(database.url(), NOON)


async def counted(database, *tickets):
    """Let the clock of each have been counted while it was still due."""
    connection = await asyncpg.connect(database.url())
    for ticket in tickets:
        await connection.execute(
            "insert into docket.clocks (partition, ticket_id, version, turn, state, due_at,"
            " overdue, counted_at) select partition, ticket_id, 1, 1, 'running', $2, false, $3"
            " from docket.tickets where ticket_id = $1",
            ticket["id"],
            utc("2026-06-11T17:00:00"),
            utc(NOON),
        )
    await connection.close()


@pytest.mark.parametrize("status", ENDED)
async def test_nobody_owes_the_next_step_of_a_ticket_that_has_ended(
    ann, max_, database, log, status
):
    end, clause = ENDED[status]
    ticket, alive = await end(ann, max_, log), await ann.create()
    await counted(database, ticket, alive)

    shown = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    clock = (await ann.get(f"/v1/tickets/{ticket['id']}/clock")).json()
    rows = {row["id"]: row for row in (await max_.get("/v1/tickets")).json()["items"]}

    row = rows[ticket["id"]]
    assert (shown["status"], shown["waiting_for"]) == (status, None)
    assert (row["status"], row["waiting_for"], row["due_at"]) == (status, None, None)
    assert (rows[alive["id"]]["waiting_for"], rows[alive["id"]]["due_at"]) == (
        "provider",
        "2026-06-11T17:00:00Z",
    )
    assert clock["response_clock"]["clause"] == clause
    owed = {timer["name"] for timer in clock["deadlines"]} - {"AttachmentErasureDue"}
    assert owed == ({"ClosureBecameFinal"} if status == "closed" else set())


@pytest.mark.parametrize("sort", ["due_at", "-due_at"])
async def test_what_has_ended_is_not_due_and_comes_last_on_every_page(
    ann, max_, database, log, sort
):
    ended = [await end(ann, max_, log) for end, _ in ENDED.values()]
    alive = [await ann.create() for _ in range(3)]
    await counted(database, *ended, *alive)

    found, cursor = [], {}
    while True:
        answer = await max_.get("/v1/tickets", sort=sort, limit=2, **cursor)
        page = answer.json()
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    known = [row["due_at"] is not None for row in found]
    assert known == sorted(known, reverse=True)
    assert {row["id"] for row in found if row["due_at"]} == {each["id"] for each in alive}
    assert len({row["id"] for row in found}) == len(found) == len(ended) + len(alive) + 1
