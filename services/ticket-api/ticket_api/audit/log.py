"""The log by position, for auditors, as it is stored.

A page continues from a position in every partition at once, so that no partition waits for another.
Nothing is decoded: an event that this code cannot read is shown like any other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.codec import json_object, leaving
from docket_runtime.schema.tables import events
from ticket_api.http.log_position import LogPosition, read_position
from ticket_api.http.problems import Problem

_POSITION = r"-?[0-9]{1,18}"
AFTER = rf"{_POSITION}|[0-9a-f]{{8}}(-[0-9]{{1,4}}\.[0-9]{{1,18}})*"
"""Where a page continues: a position, or an id that a page gave."""


@dataclass(frozen=True, slots=True)
class LogFilters:
    """Which events of the log a page shows; None shows all."""

    type: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Events, the position after them, and whether there is more already."""

    items: Sequence[Mapping[str, Any]]
    position: LogPosition
    more: bool


def position_after(after: str, heads: LogPosition) -> LogPosition:
    """Return the position of `after`: the id that a page gave, or a position of each partition.

    A negative position counts from the end: -20 are the last twenty of each. Raise Problem 422 if
    it is none of these or beyond the end of every partition, 410 if it is of another log.
    """
    if re.fullmatch(_POSITION, after) is None:
        return read_position(after, heads)
    asked, end = int(after), max(heads.positions.values(), default=0)
    if asked > end:
        raise Problem(422, "beyond_the_end", f"position {asked} is beyond the end, which is {end}")
    positions = {
        n: max(0, head + asked) if after.startswith("-") else min(asked, head)
        for n, head in heads.positions.items()
    }
    return LogPosition(heads.log_id, positions)


async def read_log(
    engine: AsyncEngine, position: LogPosition, filters: LogFilters, limit: int
) -> LogPage:
    """Return about `limit` events after a position, in the order of their recording.

    Each partition has an equal share of a page. Raise Unavailable.
    """
    share = -(-limit // len(position.positions))
    page_rows: list[RowMapping] = []
    reached, more = dict(position.positions), False
    async with engine.connect() as connection:
        for partition, after in position.positions.items():
            query = select(events).where(
                events.c.partition == partition, events.c.position > after, *_filtered(filters)
            )
            query = query.order_by(events.c.position).limit(share)
            rows = (await connection.execute(query)).mappings().all()
            page_rows += rows
            more = more or len(rows) == share
            if rows:
                reached[partition] = rows[-1]["position"]
    page_rows.sort(key=lambda row: (row["recorded_at"], row["partition"], row["position"]))
    return LogPage([_stored(row) for row in page_rows], LogPosition(position.log_id, reached), more)


def _filtered(filters: LogFilters) -> list[ColumnElement[bool]]:
    asked = {events.c.type: filters.type, events.c.actor_id: filters.actor}
    return [column == value for column, value in asked.items() if value is not None]


def _stored(row: RowMapping) -> dict[str, Any]:
    data = json_object(row["body"])
    if data is not None:
        data = leaving(row["type"], row["schema_version"], data)
    return {
        "partition": row["partition"],
        "position": row["position"],
        "ticket_id": row["ticket_id"],
        "version": row["version"],
        "event_id": row["event_id"],
        "type": row["type"],
        "schema_version": row["schema_version"],
        "at": row["occurred_at"],
        "recorded_at": row["recorded_at"],
        "actor": {
            "kind": row["actor_kind"],
            "id": row["actor_id"],
            "on_behalf_of": row["on_behalf_of"],
        },
        "correlation_id": row["correlation_id"],
        "causation_id": row["causation_id"],
        "hash": row["hash"].hex(),
        "data": None if data is None else msgspec.Raw(data),
    }
