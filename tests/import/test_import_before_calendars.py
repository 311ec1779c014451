"""History from before the first holidays that a calendar knows: it can be read, without a clock."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from docket_audit.point import Point
from docket_audit.replay import replay
from docket_audit.why import why
from docket_import import helpdesk
from docket_import.cases import Case
from docket_import.helpdesk import HelpdeskLine
from docket_import.loading import _append
from docket_import.rules import ImportRules
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.projections.check import differences
from docket_runtime.store.append import append_on
from docket_runtime.store.history import read_many
from sla_clock.clock_loop import ClockLoop

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANSWERED = (helpdesk.InformationRequested(), helpdesk.InformationProvided(), helpdesk.Responded())
STORIES = {
    "open": (),
    "waiting": ANSWERED[:1],
    "answered": ANSWERED,
    "closed": (*ANSWERED, helpdesk.Closed()),
    "final": (*ANSWERED, helpdesk.Closed(stage="closed")),
    "handed over": (helpdesk.EscalatedToProductTeam(),),
}


def case(name: str) -> Case:
    opened = helpdesk.TicketCreated("Email", "2 - High")
    lines = [
        HelpdeskLine(n, name, datetime(2011, 3, 1 + n, 9, tzinfo=UTC), what)
        for n, what in enumerate((opened, *STORIES[name]), 1)
    ]
    return Case(name, tuple(lines), name.encode())


@pytest.fixture
async def histories(database: Any) -> Any:
    """Return the histories as they were imported, after sla-clock has seen them."""
    rules = ImportRules("old", present=NOW, before_calendars=True)
    writer = await Database(database.url("docket_ticket_api"), "test", may_lose=True).connect()
    appends = [_append(case(name), rules, 1, new_id()) for name in STORIES]
    await append_on(writer, appends)
    ids = [append.streams[0].ticket_id for append in appends]
    read = await read_many(writer, 0, ids)
    await writer.close()
    clocks = ClockLoop(Database(database.url("docket_sla_clock"), "sla-clock", may_lose=True))
    with capture_logs() as said:
        while await clocks.step():
            pass
    await clocks.close()
    assert not [line for line in said if line["log_level"] in ("error", "critical")]
    return dict(zip(STORIES, (read[each] for each in ids), strict=True))


async def test_such_a_ticket_is_read_without_a_clock(histories: Any) -> None:
    states = {}
    for name, history in histories.items():
        seen = replay(history[0].ticket_id, history, Point(), NOW)
        reasons = why(seen)

        states[name] = seen.clock.state
        assert (seen.clock.deadline, seen.clock.budget_s, seen.clock.turns) == (None, None, ())
        assert seen.addressing.wall_s > 0
        assert seen.addressing.working_s is None
        assert seen.caveat is not None
        assert "before 2016" in seen.caveat
        assert reasons["breaches"] == reasons["pauses"] == []
    assert states == {**dict.fromkeys(STORIES, "no_target"), "closed": "closed", "final": "closed"}


async def test_sla_clock_counts_it_without_a_word_and_nothing_differs(
    histories: Any, database: Any
) -> None:
    connection = await asyncpg.connect(database.url("docket_auditor"))
    states = await connection.fetch("select distinct state from docket.clocks order by 1")
    found = [each async for each in differences(connection)]
    await connection.close()

    assert [row["state"] for row in states] == ["closed", "no_target"]
    assert found == []
