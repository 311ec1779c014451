"""How the database reads a page of a long list, once it plans for any page alike."""

import asyncpg
import pytest

from chronicle import utc
from docket_runtime.database import Database
from ticket_api.auth.tokens import Principal
from ticket_api.tickets.ticket_list import Filters, list_tickets

AGENT = Principal("agent", "max", None, 2**31, "any")
TICKETS = 100_000
FULL = f"""
    insert into docket.tickets
    select 0, gen_random_uuid(), 1, 'DKT-' || n, 'acme', 'ann', 'open', 'provider',
        (array['Low', 'Medium', 'High', 'Emergency'])[n % 4 + 1], 'VMmanager 6', 'client_area',
        'regulations', 'R-2025-03-27', null, false, now(), now()
    from generate_series(1, {TICKETS}) as n;
    insert into docket.clocks
    select partition, ticket_id, 1, 1, 'running', priority, 'R-6.7-a',
        created_at + random() * interval '1 day', 14400, 0, false, null, updated_at
    from docket.tickets;
    analyze docket.tickets, docket.clocks
"""
LATEST = """
    select name, cardinality(parameter_types) as asked from pg_prepared_statements
    where statement like 'SELECT docket.tickets%' order by prepare_time desc limit 1
"""


@pytest.mark.parametrize("sort", ["-priority", "due_at"])
async def test_a_page_far_into_a_list_is_read_by_one_process(database, sort):
    superuser = await asyncpg.connect(database.url())
    await superuser.execute(FULL)
    await superuser.close()
    engine = Database(database.url("docket_ticket_api"), "test", may_lose=True).engine(
        connections=1
    )
    try:
        cursor = None
        for limit in (1_000, 50):
            page = await list_tickets(
                engine,
                AGENT,
                Filters(),
                sort=sort,
                limit=limit,
                cursor=cursor,
                now=utc("2026-06-08T10:00:00"),
            )
            cursor = page.next_cursor
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            await driver.execute("set plan_cache_mode = force_generic_plan")
            name, asked = await driver.fetchrow(LATEST)
            assert asked, "the place of a cursor is no text of the statement"
            nothing = ", ".join(["null"] * asked)
            plan = await driver.fetch(f'explain execute "{name}"({nothing})')
    finally:
        await engine.dispose()
    lines = [row[0] for row in plan]
    assert any("Index Scan" in line for line in lines)
    assert not any("Gather" in line or "Sort" in line for line in lines), "\n".join(lines)
