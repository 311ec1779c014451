"""Who may write what: the role of every service, every event, everybody's name, as the table says.

`docket_events.writers` is the table. Each cell is tried on a real database and taken back.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from typing import Protocol, get_args

import asyncpg
import pytest
from streams import Log, append_of, grown, new_ticket

from docket_events.codec import EVENT_TYPES
from docket_events.recorded import Actor, ActorKind
from docket_events.writers import Writer, event_writers, read
from docket_runtime.schema.known_words import missing_writers
from docket_runtime.store.append import append_on
from docket_runtime.store.rows import batch_of

Cell = tuple[str, str, str]
"""An event type, the kind of an actor, and its id."""

SERVICES = ("sla-clock", "notifier", "shop")
CELLS: tuple[Cell, ...] = tuple(
    (name, kind, actor_id)
    for name, kind in product(EVENT_TYPES, get_args(ActorKind))
    for actor_id in (SERVICES if kind == "service" else ("somebody",))
)
TRY_EACH = """
    do $$
    declare
        happened docket.new_row := current_setting('test.row')::docket.new_row;
        cell jsonb;
        allowed jsonb := '[]';
    begin
        for cell in select * from jsonb_array_elements(current_setting('test.cells')::jsonb) loop
            happened.type := cell ->> 0;
            happened.schema_version := 1;  -- every type has it
            happened.actor_kind := cell ->> 1;
            happened.actor_id := cell ->> 2;
            begin
                perform docket.append_batch(0::smallint, array[happened], '{}');
                raise sqlstate 'TEST1';
            exception
                when sqlstate 'TEST1' then allowed := allowed || jsonb_build_array(cell);
                when sqlstate 'DK001' then null;
            end;
        end loop;
        perform set_config('test.allowed', allowed::text, false);
    end
    $$
"""
APPEND = "select docket.append_batch(0::smallint, $1, '{}')"
AS_ROW = "select ($1::docket.new_row[])[1]::text"


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


def expected(role: str) -> set[Cell]:
    """Return the cells that a role may write."""
    return {
        (each.type, each.actor_kind, actor_id)
        for each in event_writers()
        if each.writer == role
        for actor_id in (
            SERVICES
            if each.actor_kind == "service" and each.actor_id is None
            else (each.actor_id or "somebody",)
        )
    }


@pytest.mark.parametrize("role", get_args(Writer))
async def test_a_service_writes_what_the_table_says_and_nothing_else(
    database: HasUrl, log: Log, role: str
) -> None:
    connection = await asyncpg.connect(database.url(role))

    allowed = await cells_allowed_to(connection)

    await connection.close()
    assert allowed == expected(role)
    assert await log.positions() == []


async def cells_allowed_to(connection: asyncpg.Connection) -> set[Cell]:
    (row,), _ = batch_of([append_of(grown(new_ticket()))])
    harmless = [b'{"content_ids":[]}' if column == row[7] else column for column in row]
    settings = {
        "test.row": await connection.fetchval(AS_ROW, [tuple(harmless)]),
        "test.cells": json.dumps(CELLS),
    }
    for name, value in settings.items():
        await connection.execute("select set_config($1, $2, false)", name, value)
    await connection.execute(TRY_EACH)
    told = json.loads(await connection.fetchval("select current_setting('test.allowed')"))
    return {(name, kind, actor_id) for name, kind, actor_id in told}


async def test_who_may_act_as_a_service_is_bound_like_it(
    database: HasUrl, superuser: asyncpg.Connection, worker_id: str
) -> None:
    name = f"docket_test_clerk_{worker_id}"
    await superuser.execute(f"create role {name} login in role docket_notifier")
    connection = await asyncpg.connect(database.url(name))

    allowed = await cells_allowed_to(connection)

    await connection.close()
    await superuser.execute(f"drop role {name}")
    assert allowed == expected("docket_notifier")


async def test_a_service_acts_for_itself_and_for_nobody(database: HasUrl) -> None:
    connection = await asyncpg.connect(database.url("docket_notifier"))
    for_ann = Actor("service", "notifier", on_behalf_of="ann")
    (row,), _ = batch_of([append_of(grown(new_ticket()), actor=for_ann)])
    notice = (*row[:5], "NoticeSent", 1, b"{}", *row[8:])

    with pytest.raises(asyncpg.PostgresError, match="may not write NoticeSent") as refused:
        await connection.execute(APPEND, [notice])

    assert refused.value.sqlstate == "DK001"
    assert "ann" not in str(refused.value)
    await connection.close()


async def test_the_administrator_may_write_in_any_name_and_no_unknown_event(
    superuser: asyncpg.Connection,
) -> None:
    (row,), _ = batch_of([append_of(grown(new_ticket()))])
    unknown = (*row[:5], "Nonsense", *row[6:])

    allowed = await cells_allowed_to(superuser)

    assert allowed == set(CELLS)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await superuser.execute(APPEND, [unknown])
    assert refused.value.sqlstate == "DK001"


async def test_the_database_has_the_table_of_the_code(connection: asyncpg.Connection) -> None:
    count = await connection.fetchval("select count(*) from docket.event_writers")

    assert await missing_writers(connection) == frozenset()
    assert count == len(event_writers())


async def test_what_the_database_does_not_take_yet_is_missing(
    connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("delete from docket.event_writers where type = 'NoticeSent'")

    assert {each.type for each in await missing_writers(connection)} == {"NoticeSent"}


def wrong_tables() -> Iterator[tuple[str, str]]:
    text = (files("docket_events") / "writers.csv").read_text()
    yield text.replace("\nNoticeSent,", "\nNoticeLost,"), "'NoticeLost'"
    yield "\n".join(text.splitlines()[:-1]), "no row for ClosureBecameFinal"
    yield text + text.splitlines()[-1], "'ClosureBecameFinal'"
    yield text.replace("yes", "no"), "yes or - for each"
    last = text.splitlines()[-1]
    yield text.replace(last, last.replace("yes", "-  ")), "ClosureBecameFinal: yes or -"


@pytest.mark.parametrize(("text", "says"), [*wrong_tables()])
def test_a_table_without_a_writer_for_each_event_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        list(read(text))


async def test_the_import_writes_as_ticket_api(connection: asyncpg.Connection) -> None:
    imported = append_of(grown(new_ticket()), actor=Actor("import", "helpdesk"))

    assert len(await append_on(connection, [imported])) == 1
