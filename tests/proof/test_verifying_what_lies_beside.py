"""Contents and accesses verified: what is erased, what came back, who looked and why."""

from typing import Any

import asyncpg
import pytest
from evidence import looked
from sealed_logs import found, some_tickets, tampered

from chronicle import Chronicle, utc
from docket_events.combining import OpenRequest, TicketsMerged
from docket_events.erasure import ContentErased
from docket_events.ticket import ContentRef
from docket_proof.note import Signer
from docket_runtime.database import Database
from docket_runtime.proof.background import BackgroundVerification
from docket_runtime.proof.verification import verify_log


async def test_a_content_that_was_handed_over_may_be_erased_where_it_came_to(
    database: Any, chronicle: Chronicle, key: Signer
) -> None:
    ticket, other = await some_tickets(chronicle, 2)
    (row,) = await chronicle.rows(
        "select content_id, sha256(salt || body) as digest from docket.contents"
        " where ticket_id = $1",
        ticket,
    )
    shared = ContentRef(row["content_id"], row["digest"].hex())
    began = utc("2026-06-08T09:00:00")
    combined = TicketsMerged(
        (began, began), "Low", open_requests=(OpenRequest("q1", began, items=shared),)
    )
    erased = ContentErased((shared.id,), why="asked for")
    await chronicle.then(other, ("2026-06-08T09:30:00", combined))
    await chronicle.then(other, ("2026-06-08T10:00:00", erased))

    assert await found(database, key) == []


async def test_a_content_that_was_erased_and_is_there_again_is_found(
    database: Any, chronicle: Chronicle, key: Signer
) -> None:
    ticket, *_ = await some_tickets(chronicle, 1)
    (row,) = await chronicle.rows("select content_id, body, salt from docket.contents")
    erased = ContentErased((row["content_id"],), why="asked for")
    await chronicle.then(ticket, ("2026-06-08T10:00:00", erased))
    await tampered(
        database,
        f"update docket.contents set body = '\\x{row['body'].hex()}',"
        f" salt = '\\x{row['salt'].hex()}', erased_at = null",
    )

    assert [each.code for each in await found(database, key)] == ["content_back"]


async def test_rounds_find_a_change_of_an_access_too(
    database: Any, chronicle: Chronicle, key: Signer
) -> None:
    await looked(database, None, "complaint 17")
    await tampered(database, "update docket.access_reasons set reason = 'boredom'")
    reached = Database(database.url("docket_sla_clock"), "verification", may_lose=True)
    rounds = BackgroundVerification(reached, [key.verifier], pause_s=0.0)
    for _ in range(2):
        await rounds.step()
    await rounds.close()

    (row,) = await chronicle.rows("select * from docket.log_verifications where partition = -1")
    assert (row["rounds"], row["fault"]) == (1, "reason: the reason is not what was written")


async def test_who_may_not_read_accesses_cannot_say_that_nothing_is_wrong(
    database: Any, chronicle: Chronicle, key: Signer
) -> None:
    await some_tickets(chronicle, 1)
    connection = await asyncpg.connect(database.url("docket_notifier"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        [each async for each in verify_log(connection, [key.verifier])]
    await connection.close()
