"""A database with evidence of every kind, signed and copied; verified as `docket verify` does."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sealed_logs import sealed

from chronicle import Chronicle, content
from docket_cli.log.outside import outside_of
from docket_cli.log.projection_faults import projection_faults
from docket_events.erasure import ContentErased
from docket_events.ids import in_partition
from docket_events.ticket import ContentRef, ResponseSent, UserCommented
from docket_proof.note import Signer
from docket_runtime.files import Files
from docket_runtime.new_ids import new_id
from docket_runtime.proof.verification import Beside, verify_log
from docket_runtime.settings import Settings
from docket_runtime.store.values import NewContent
from people import ANN, created

TRIGGERS = """
    select format('alter table docket.%I disable trigger all', tablename) from pg_tables
    where schemaname = 'docket'
"""
_FILE = """
    insert into docket.attachments values (0, $1, $2, 'customer', 'ann', '', $3, 'text/plain', $4,
        $5, $6, $4, now(), now(), now(), true, null, null)
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Somebody who may change anything, on a connection whose transaction is rolled back."""

    superuser: asyncpg.Connection
    files: Path
    copy: Path
    keys: Sequence[Any]

    async def wrong(self) -> list[str]:
        """Return what a verification finds, as codes, in what is there now."""
        settings = Settings(env="test", checkpoints_file=str(self.copy))
        outside = outside_of(settings, self.keys, None, may_lack=False)
        await outside.compare(self.superuser)
        beside = Beside(Files(self.files.as_uri(), only_reads=True))
        going = verify_log(self.superuser, self.keys, copied=outside.copied, beside=beside)
        found = [fault async for fault in going]
        found += [fault async for fault in projection_faults(self.superuser)]
        return [*outside.away, *[fault.code for fault in found]]

    def parts(self) -> list[Path]:
        """Return the files in which the bytes lie."""
        return sorted(path for path in self.files.rglob("*") if path.is_file())


async def gather(database: Any, chronicle: Chronicle, key: Signer, folder: Path) -> Evidence:
    """Write tickets with texts and files, accesses with reasons, erase some, and sign all of it."""
    copy, files = folder / "checkpoints.jsonl", folder / "files"
    superuser = await asyncpg.connect(database.url())
    for (statement,) in await superuser.fetch(TRIGGERS):
        await superuser.execute(statement)
    tickets = [await _ticket(chronicle, superuser, files, n) for n in range(3)]
    await looked(database, tickets[0], "complaint 17")
    await looked(database, tickets[1], None)
    await sealed(database, key, copy)
    erased = await superuser.fetchval(
        "select content_id from docket.contents where ticket_id = $1 and kind = 'description'",
        tickets[2],
    )
    await looked(database, tickets[2], "Ann Example called")
    await chronicle.then(
        tickets[2], ("2026-06-08T10:00:00", ContentErased((erased,), why="person_asked"))
    )
    await superuser.execute(
        "select docket.erase_access_reasons($1, (select max(recorded_at) from docket.events))",
        tickets[2],
    )
    await sealed(database, key, copy)
    await chronicle.then(tickets[0], ("2026-06-08T11:00:00", UserCommented()), actor=ANN)
    await looked(database, tickets[0], "complaint 18")
    await looked(database, None, None)
    await sealed(database, key, copy)
    return Evidence(superuser, files, copy, [key.verifier])


async def looked(database: Any, ticket_id: UUID | None, reason: str | None) -> None:
    """Let an auditor look at something."""
    access = (
        new_id(),
        "auditor",
        "ada",
        "get_history",
        ticket_id,
        None,
        "GET /",
        "200",
        reason,
        "t",
    )
    connection = await asyncpg.connect(database.url("docket_ticket_api"))
    await connection.execute("select docket.append_access($1::docket.new_access[])", [access])
    await connection.close()


async def _ticket(
    chronicle: Chronicle, superuser: asyncpg.Connection, files: Path, number: int
) -> UUID:
    ticket_id = in_partition(new_id(), 0)
    text, described = content(ticket_id, "description", b"No node answers.")
    name, body = f"agent-{number}.log", b"09:00 node 3 went away\n" * (number + 2)
    announced, sent = _announced(ticket_id, name, body)
    await chronicle.ticket(
        ("2026-06-08T09:00:00", created(number=f"DKT-{ticket_id}", description=described)),
        ("2026-06-08T09:10:00", UserCommented(attachments=(sent,))),
        ("2026-06-08T09:20:00", ResponseSent()),
        actor=ANN,
        contents=[text, announced],
        ticket_id=ticket_id,
    )
    store, parts = Files(files.as_uri()), [new_id(), new_id()]
    for part, piece in zip(parts, (body[:10], body[10:]), strict=True):
        await store.put(f"0/{sent.id}", part, piece)
    digest = sha256(body).digest()
    await superuser.execute(_FILE, sent.id, ticket_id, name, len(body), digest, parts)
    return ticket_id


def _announced(ticket_id: UUID, name: str, body: bytes) -> tuple[NewContent, ContentRef]:
    told = {
        "name": name,
        "media_type": "text/plain",
        "size": len(body),
        "sha256": sha256(body).hexdigest(),
    }
    return content(ticket_id, "attachment", msgspec.json.encode(told, order="sorted"))
