"""A log with tickets in it: signed, verified, and changed as an administrator would."""

from pathlib import Path
from typing import Any

import asyncpg

from chronicle import Chronicle, content
from docket_events.ids import in_partition
from docket_events.ticket import ResponseSent, UserCommented
from docket_proof.check import Fault
from docket_proof.note import Signer
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.proof.copies import copies
from docket_runtime.proof.signing import CheckpointSigner
from docket_runtime.proof.verification import verify_log
from people import ANN, created


async def some_tickets(chronicle: Chronicle, many: int = 3) -> list[Any]:
    made = []
    for _ in range(many):
        ticket_id = in_partition(new_id(), 0)
        body, ref = content(ticket_id, "description", b"No node answers.")
        story = created(number=f"DKT-{ticket_id}", description=ref)
        made.append(
            await chronicle.ticket(
                ("2026-06-08T09:00:00", story),
                ("2026-06-08T09:10:00", UserCommented()),
                ("2026-06-08T09:20:00", ResponseSent()),
                actor=ANN,
                contents=[body],
                ticket_id=ticket_id,
            )
        )
    return made


def sealing(
    database: Any, key: Signer, copy: Path | None, seconds: float = 0.0
) -> CheckpointSigner:
    reached = Database(database.url("docket_sla_clock"), "checkpoints", may_lose=True)
    return CheckpointSigner(reached, key, copy, seconds=seconds)


async def sealed(database: Any, key: Signer, copy: Path | None) -> None:
    signing = sealing(database, key, copy)
    while await signing.step():
        pass
    await signing.close()


async def found(database: Any, *keys: Signer, copy: Path | None = None, **more: Any) -> list[Fault]:
    connection = await asyncpg.connect(database.url("docket_auditor"))
    verifiers = [key.verifier for key in keys]
    copied = copies(copy.read_text(), verifiers) if copy else []
    try:
        return [each async for each in verify_log(connection, verifiers, copied=copied, **more)]
    finally:
        await connection.close()


async def tampered(database: Any, *statements: str) -> None:
    """Do it as the administrator who has put the triggers to sleep."""
    connection = await asyncpg.connect(database.url())
    for table in (
        "events",
        "log_partitions",
        "contents",
        "log_checkpoints",
        "access_events",
        "access_head",
        "access_reasons",
    ):
        await connection.execute(f"alter table docket.{table} disable trigger refuse_change")
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
