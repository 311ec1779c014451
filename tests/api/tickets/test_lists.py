"""Lists of tickets: filters, sorts, and pages that stay right while tickets are written."""

import asyncio
import itertools
from datetime import timedelta
from typing import get_args

import asyncpg
import pytest
from twelve_tickets import RANKS

from chronicle import utc
from docket_policies.terms.clock_states import ClockState

SORTS = ("created_at", "updated_at", "due_at", "priority", "number")


async def pages(caller, limit=2, **query):
    """Return the rows of each page of a list, as a walk through the cursors finds them."""
    found, cursor = [], {}
    while True:
        answer = await caller.get("/v1/tickets", limit=limit, **query, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found.append(page["items"])
        assert ("link" in answer.headers) == (page["next_cursor"] is not None)
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def walk(caller, **query):
    return list(itertools.chain(*await pages(caller, **query)))


async def numbers(caller, **query):
    return [row["number"] for row in await walk(caller, **query)]


@pytest.mark.parametrize("sort", [f"{way}{name}" for way in ("", "-") for name in SORTS])
async def test_every_sort_walks_through_all_tickets_in_its_order(twelve, sort):
    rows = await walk(twelve, sort=sort, limit=5)

    name, backwards = sort.removeprefix("-"), sort.startswith("-")
    keys = {
        "priority": lambda row: RANKS.index(row["priority"]),
        "number": lambda row: int(row["number"].removeprefix("DKT-")),
    }
    key = keys.get(name, lambda row: row[name])
    known = [row for row in rows if row[name] is not None]
    assert len({row["id"] for row in rows}) == len(rows) == 12
    assert rows[: len(known)] == known, "what is not due comes last"
    assert [key(row) for row in known] == sorted(map(key, known), reverse=backwards)
    assert len(known) == (8 if name == "due_at" else 12)


async def test_pages_of_any_size_are_cut_from_the_same_list(twelve):
    for sort in ("due_at", "-due_at", "-priority"):
        whole = await numbers(twelve, sort=sort, limit=200)
        for limit in (1, 4, 8, 12):
            assert await numbers(twelve, sort=sort, limit=limit) == whole


async def test_several_values_of_a_filter_show_any_of_them(ann, max_):
    products = ("VMmanager 6", "BILLmanager 6", "DCImanager 6")
    open_, suspended, revoked = [await ann.create(product=product) for product in products]
    await ann.tell(suspended, "suspend")
    await ann.tell(revoked, "revoke")
    await max_.tell(open_, "assign", to="max")

    async def found(**query):
        items = (await max_.get("/v1/tickets", sort="number", **query)).json()["items"]
        return [row["id"] for row in items]

    both = [open_["id"], suspended["id"]]
    assert await found(status="open,suspended") == both
    assert await found(status=["open", "suspended"]) == both
    assert await found(status="revoked", priority="Low,High") == [revoked["id"]]
    assert await found(priority="High,Emergency") == []
    assert await found(product=["VMmanager 6", "BILLmanager 6"]) == both
    assert await found(assignee=["max", "mia"]) == [open_["id"]]
    assert await found(number=revoked["number"]) == [revoked["id"]]
    assert await found(number=revoked["number"][:-1]) == []


@pytest.mark.parametrize(
    "query", [{"status": "open,lost"}, {"status": ""}, {"priority": "Low,low"}, {"sort": "age"}]
)
async def test_a_value_that_no_ticket_can_have_is_422(max_, query):
    assert (await max_.get("/v1/tickets", **query)).status_code == 422


@pytest.mark.parametrize("sort", ["-created_at", "created_at", "number", "-number", "-priority"])
async def test_a_walk_beside_writers_meets_each_ticket_that_was_there_once(ann, max_, sort):
    there = [await ann.create() for _ in range(30)]
    done = asyncio.Event()

    async def write(n):
        while not done.is_set():
            await ann.create()
            await max_.tell(there[n], "note", text="seen")
            await ann.tell(there[n + 10], "comment", text="And again.")

    writers = [asyncio.create_task(write(n)) for n in range(4)]
    seen = []
    for start in range(3):
        found = await pages(max_, sort=sort, limit=3 + start, status="open")
        seen.append([row["id"] for page in found[:40] for row in page])
    done.set()
    await asyncio.gather(*writers)

    for ids in seen:
        assert len(set(ids)) == len(ids)
        assert {ticket["id"] for ticket in there} <= set(ids)


async def test_cursors_are_bound_to_their_list_and_broken_ones_are_400(twelve):
    cursors = {
        sort: (await twelve.get("/v1/tickets", limit=9, sort=sort)).json()["next_cursor"]
        for sort in ("number", "due_at", "-due_at", "priority")
    }
    for sort, cursor in itertools.product(cursors, cursors.values()):
        answer = await twelve.get("/v1/tickets", limit=9, sort=sort, cursor=cursor)
        assert answer.status_code == (200 if cursors[sort] == cursor else 400)


NOW = utc("2026-06-08T12:00:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
async def with_clock(ann, database):
    """Let Ann have a ticket whose clock is in a state and has a due date; return its number."""
    connection = await asyncpg.connect(database.url())

    async def made(state, due):
        ticket = await ann.create()
        await connection.execute(
            "insert into docket.clocks (partition, ticket_id, version, turn, state, due_at,"
            " overdue, counted_at) values (0, $1, 1, 1, $2, $3, false, $4)",
            ticket["id"],
            state,
            due,
            NOW,
        )
        return ticket["number"]

    yield made
    await connection.close()


async def test_overdue_are_the_tickets_whose_due_date_time_alone_has_passed(max_, with_clock):
    """Also under an agreed deadline, and after an agreed hour; a clock that stands has none."""
    counting = {"running", "individual_deadline", "scheduled_operation"}
    states = {await with_clock(state, NOW - SECOND): state for state in get_args(ClockState)}

    for query in ({"overdue": True}, {"due_before": "2026-06-08T12:00:00Z"}):
        assert {states[number] for number in await numbers(max_, **query)} == counting
    late = await numbers(max_, overdue=False)
    assert {states[number] for number in late} == set(get_args(ClockState)) - counting


async def test_C_54_the_due_date_itself_is_in_time(max_, with_clock):
    late, due = await with_clock("running", NOW - SECOND), await with_clock("running", NOW)

    assert await numbers(max_, overdue=True) == [late]
    assert await numbers(max_, overdue=False) == [due]
    assert await numbers(max_, due_before="2026-06-08T12:00:00Z") == [late]
    assert await numbers(max_, due_before="2026-06-08T12:00:01Z", sort="due_at") == [late, due]
