"""The access events of a test's database, as those who may read them see them."""

from typing import Any

import asyncpg


async def seen(database: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.url("docket_access_reader"))
    rows = await connection.fetch(
        "select a.*, r.reason from docket.access_events as a"
        " left join docket.access_reasons as r using (access_id) order by position"
    )
    await connection.close()
    return list(rows)
