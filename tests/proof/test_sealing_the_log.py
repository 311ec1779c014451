"""Checkpoints: signed as the log grows, by one signer at a time, and never over a broken chain."""

from pathlib import Path
from typing import Any

import msgspec
from evidence import looked
from sealed_logs import found, sealed, sealing, some_tickets, tampered

from chronicle import Chronicle
from docket_proof.access import ACCESS
from docket_proof.checkpoint import read
from docket_proof.note import Signer
from docket_proof.tree import Frontier


async def test_a_checkpoint_names_the_root_of_the_tree_over_all_hashes(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await sealed(database, key, copy)

    (row,) = await chronicle.rows("select * from docket.log_checkpoints")
    tree = Frontier()
    for event in await chronicle.rows("select hash from docket.events order by position"):
        tree.add(event["hash"])
    signed = read(row["note"], [key.verifier])
    assert (signed.size, signed.root) == (9, tree.root)
    assert [msgspec.json.decode(line)["note"] for line in copy.read_text().splitlines()] == [
        row["note"]
    ]


async def test_signing_goes_on_behind_the_newest_checkpoint(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    await sealed(database, key, copy)
    await some_tickets(chronicle)
    await sealed(database, key, copy)

    sizes = [row[0] for row in await chronicle.rows("select size from docket.log_checkpoints")]
    assert sizes == [9, 18]
    assert await found(database, key, copy=copy) == []


async def test_a_checkpoint_that_the_copy_has_alone_is_written_to_the_table_by_the_next_process(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    before = await chronicle.rows("select * from docket.log_checkpoints")
    await some_tickets(chronicle)
    await tampered(database, "delete from docket.log_checkpoints")  # as if it had ended between

    await sealed(database, key, copy)

    after = await chronicle.rows("select * from docket.log_checkpoints order by size")
    assert after[: len(before)] == before
    assert [row["size"] for row in after] == [9, 18]
    assert await found(database, key, copy=copy) == []


async def test_accesses_are_signed_as_the_log_is(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    for reason in (None, "complaint 17"):
        await looked(database, None, reason)
    await sealed(database, key, copy)

    (row,) = await chronicle.rows("select * from docket.log_checkpoints")
    (meta,) = await chronicle.rows("select log_id from docket.log_meta")
    assert (row["partition"], row["size"]) == (ACCESS, 2)
    assert row["note"].startswith(f"docket/{meta['log_id']}/access\n2\n")
    assert await found(database, key, copy=copy) == []
    await tampered(database, "update docket.access_events set subject = 'eve' where position = 2")
    told = [(each.partition, each.position, each.code) for each in await found(database, key)]
    assert told == [(ACCESS, 2, "hash")]


async def test_two_signers_share_the_work(database: Any, chronicle: Chronicle, key: Signer) -> None:
    await some_tickets(chronicle)
    first, second = sealing(database, key, None), sealing(database, key, None)

    assert await first.step()
    assert not await second.step()
    await first.close()
    await second.close()


async def test_not_every_second_has_a_checkpoint(
    database: Any, chronicle: Chronicle, key: Signer
) -> None:
    signing = sealing(database, key, None, seconds=3600)
    await signing.step()
    await some_tickets(chronicle)
    while await signing.step():
        pass
    await signing.close()

    assert await chronicle.rows("select size from docket.log_checkpoints") == []


async def test_a_broken_chain_is_not_signed(
    database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    await some_tickets(chronicle)
    await tampered(database, "update docket.events set actor_id = 'eve' where position = 5")
    await sealed(database, key, copy)

    assert not copy.exists()
    assert await chronicle.rows("select size from docket.log_checkpoints") == []
