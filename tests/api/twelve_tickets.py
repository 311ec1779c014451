"""Twelve tickets whose sorts all differ, for lists and their pages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg

from chronicle import utc

RANKS = ("Low", "Medium", "High", "Emergency")


async def tell_apart(url: str, made: Sequence[Any]) -> None:
    """Give tickets other instants and priorities; every third has no due date."""
    connection = await asyncpg.connect(url)
    for n, ticket in enumerate(made):
        at = utc("2026-06-08T10:00:00")
        await connection.execute(
            "update docket.tickets set created_at = $2, updated_at = $3, priority = $4"
            " where ticket_id = $1",
            ticket["id"],
            at + timedelta(minutes=n * 7 % 12 // 2),
            at + timedelta(minutes=n * 5 % 12),
            RANKS[n * 11 % 4],
        )
        due = None if n % 3 == 0 else at + timedelta(hours=n * 7 % 12)
        await connection.execute(
            "insert into docket.clocks (partition, ticket_id, version, turn, state, due_at,"
            " overdue, counted_at) values (0, $1, 1, 1, 'running', $2, false, $3)"
            " on conflict (partition, ticket_id) do update set due_at = excluded.due_at",
            ticket["id"],
            due,
            at,
        )
    await connection.close()
