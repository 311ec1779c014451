"""The accesses of earlier releases become a chain."""

import asyncpg
from old_database import Old, wrong_with


async def test_accesses_of_before_are_chained_and_what_was_typed_goes_beside_them(old: Old) -> None:
    await old.restore("0009")
    await old.execute(
        "insert into docket.access_events (access_id, at, role, subject, operation, ticket_id,"
        " asked, outcome, reason, trace_id) values (gen_random_uuid(), now(), 'auditor', 'ada',"
        " 'read_log', null, 'GET /v1/audit/access?subject=Ann+Example&limit=5', '200',"
        " 'Ann called', 't'), (gen_random_uuid(), 'epoch', 'auditor', 'ada', 'read_log', null,"
        " 'GET /v1/audit/events', '200', null, 't')"
    )

    old.upgrade()

    connection = await asyncpg.connect(old.url)
    rows = await connection.fetch(
        "select position, asked, r.reason, at from docket.access_events as a"
        " left join docket.access_reasons as r using (access_id) order by position"
    )
    await connection.close()
    assert [row["position"] for row in rows] == [*range(1, len(rows) + 1)]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert [tuple(row)[1:3] for row in (rows[0], rows[-1])] == [
        ("GET /v1/audit/events", None),
        ("GET /v1/audit/access?subject&limit", "Ann called"),
    ]
    assert await wrong_with(old) == []
