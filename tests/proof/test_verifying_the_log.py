"""The stored log verified: signed as it grows, found out when an administrator changes it."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sealed_logs import found, sealed, some_tickets, tampered

from chronicle import Chronicle
from docket_events.erasure import ContentErased
from docket_events.ids import in_partition
from docket_proof.note import Signer
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.proof.background import BackgroundVerification
from docket_runtime.proof.copies import copies
from docket_runtime.proof.verification import verify_ticket


async def test_an_honest_log_has_no_fault_for_an_auditor_who_may_not_read_contents(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    assert await found(database, key) == []
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    await some_tickets(chronicle, 1)

    assert await found(database, key, copy=copy) == []
    assert await found(database) == []


FIRST_CONTENT = "(select content_id from docket.contents order by content_id limit 1)"
CRIMES = {
    "a column": (["update docket.events set actor_id = 'eve' where position = 5"], "hash", 5),
    "an instant beyond all calendars": (
        ["update docket.events set occurred_at = 'infinity' where position = 4"],
        "hash",
        4,
    ),
    "an event taken out": (["delete from docket.events where position = 3"], "missing", 4),
    "the end cut off": (["delete from docket.events where position > 7"], "truncated", 7),
    "the end cut off, the head mended": (
        [
            "delete from docket.events where position > 7",
            "update docket.log_partitions set head_position = 7, head_hash ="
            " (select hash from docket.events where position = 7)",
        ],
        "truncated",
        7,
    ),
    "the end cut off, the checkpoint too": (
        [
            "delete from docket.events where position > 7",
            "update docket.log_partitions set head_position = 7, head_hash ="
            " (select hash from docket.events where position = 7)",
            "delete from docket.log_checkpoints",
        ],
        "truncated",
        7,
    ),
    "the head": (["update docket.log_partitions set head_position = 10"], "head", 9),
    "the head taken out": (["delete from docket.log_partitions"], "head_missing", None),
    "an event astray": (
        ["update docket.events set partition = 7 where position = 9"],
        "stray",
        9,
    ),
    "a content changed": (
        [f"update docket.contents set body = 'Yes' where content_id = {FIRST_CONTENT}"],
        "content",
        1,
    ),
    "a content gone": (
        [
            "update docket.contents set body = null, salt = null, erased_at = now()"
            " where content_id ="
            f" {FIRST_CONTENT}"
        ],
        "content_gone",
        1,
    ),
    "a content deleted": (
        [f"delete from docket.contents where content_id = {FIRST_CONTENT}"],
        "content_missing",
        1,
    ),
    "a checkpoint": (
        ["update docket.log_checkpoints set note = replace(note, E'\\n9\\n', E'\\n8\\n')"],
        "signature",
        9,
    ),
    "the subtrees of a checkpoint": (
        [
            "update docket.log_checkpoints set frontier ="
            " set_byte(frontier, 5, get_byte(frontier, 5) # 1)"
        ],
        "signature",
        9,
    ),
}


@pytest.mark.parametrize("crime", CRIMES)
async def test_what_an_administrator_changes_is_found_where_it_was_done(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path, crime: str
) -> None:
    statements, code, position = CRIMES[crime]
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    await tampered(database, *statements)

    told = [(fault.code, fault.position) for fault in await found(database, key, copy=copy)]
    assert (code, position) in told


async def test_a_chain_written_anew_is_found_by_the_checkpoint(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    anew = """
        do $$ declare previous bytea; e docket.events; begin
            for e in select * from docket.events order by position loop
                if e.position = 4 then e.actor_id := 'eve'; end if;
                if previous is not null then
                    e.hash := sha256('\\x00'::bytea || previous || record_send(row(
                        e.partition, e.position, e.ticket_id, e.version, e.event_id,
                        convert_to(e.type, 'UTF8'), e.schema_version, e.body, e.occurred_at,
                        e.recorded_at, convert_to(e.actor_kind, 'UTF8'),
                        convert_to(e.actor_id, 'UTF8'), convert_to(e.on_behalf_of, 'UTF8'),
                        e.correlation_id, e.causation_id)));
                end if;
                previous := e.hash;
                update docket.events set actor_id = e.actor_id, hash = e.hash
                    where position = e.position;
            end loop;
            update docket.log_partitions set head_hash = previous;
        end $$
    """
    await tampered(database, anew)

    assert await found(database) == []  # without a key nothing can be said against it
    assert [each.code for each in await found(database, key)] == ["checkpoint"]


async def test_only_what_came_behind_a_checkpoint_is_read_again(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    since = copies(copy.read_text(), [key.verifier])
    await some_tickets(chronicle, 2)
    passed = []

    assert await found(database, key, since=since, progress=lambda n, _: passed.append(n)) == []
    assert sum(passed) == 6
    await tampered(database, "update docket.events set actor_id = 'eve' where position = 12")
    assert [each.position for each in await found(database, key, since=since)] == [12]
    await tampered(database, "update docket.events set hash = 'x' where position = 2")
    assert {each.code for each in await found(database, key, since=since)} >= {"checkpoint"}


async def test_one_ticket_is_held_against_the_signed_tree(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    ann, other, _ = await some_tickets(chronicle)
    await sealed(database, key, copy)
    connection = await asyncpg.connect(database.url("docket_auditor"))

    async def codes(ticket_id: Any) -> list[str]:
        return [each.code async for each in verify_ticket(connection, ticket_id, [key.verifier])]

    assert await codes(ann) == []
    await tampered(
        database,
        f"update docket.events set actor_id = 'eve' where ticket_id = '{ann}' and version = 2",
    )
    assert await codes(ann) == ["hash"]
    assert await codes(other) == []
    with pytest.raises(LookupError, match="no ticket"):
        await codes(in_partition(new_id(), 0))
    await connection.close()


async def test_an_erased_content_is_no_fault_where_an_event_says_so(
    database: Any, chronicle: Chronicle, key: Signer
) -> None:
    ticket, *_ = await some_tickets(chronicle, 1)
    (row,) = await chronicle.rows("select content_id from docket.contents")
    erased = ContentErased((row["content_id"],), why="asked for")
    await chronicle.then(ticket, ("2026-06-08T10:00:00", erased))

    assert await found(database, key) == []
    assert (await chronicle.rows("select body from docket.contents"))[0]["body"] is None


async def test_rounds_find_a_change_of_the_past_and_say_so_until_it_is_mended(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    reached = Database(database.url("docket_sla_clock"), "verification", may_lose=True)
    rounds = BackgroundVerification(reached, [key.verifier], pause_s=0.0)

    async def after_a_round() -> tuple[int, int, str | None]:
        for _ in range(2):
            await rounds.step()
        (row,) = await chronicle.rows("select * from docket.log_verifications where partition = 0")
        return row["rounds"], row["position"], row["fault"]

    assert await after_a_round() == (1, 9, None)
    await tampered(database, "update docket.events set version = 9 where position = 5")
    rounds_done, _, fault = await after_a_round()
    assert (rounds_done, fault and fault.split(":")[0]) == (2, "hash")
    await tampered(database, "update docket.events set version = 2 where position = 5")
    assert await after_a_round() == (3, 9, None)
    await rounds.close()
