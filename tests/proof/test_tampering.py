"""Whoever may change anything changes something, drawn at random: `docket verify` finds it.

Values, rows taken out, put in, swapped, ends cut off, chains computed anew, in each table that the
page on proof calls covered; the bytes of files, and the file of checkpoints. Each change is rolled
back before the next.
"""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from crimes import CRIMES
from culprit import COLUMNS, Culprit, NoChange
from evidence import Evidence, gather

from chronicle import Chronicle
from docket_proof.note import Signer


async def missed(evidence: Evidence, changes: int, seed: int) -> list[str]:
    random, done, unseen = Random(seed), Counter[str](), list[str]()
    culprit = Culprit(evidence, random, await evidence.superuser.fetch(COLUMNS))
    assert await evidence.wrong() == []
    while done.total() < changes:
        crime = random.choice(CRIMES)
        outside = {path: path.read_bytes() for path in (evidence.copy, *evidence.parts())}
        transaction = evidence.superuser.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            told = await crime(culprit)
            done[crime.__name__] += 1
            if not await evidence.wrong():
                unseen.append(told)
        except NoChange:
            pass
        finally:
            await transaction.rollback()
            for path, body in outside.items():
                path.write_bytes(body)
    assert await evidence.wrong() == []
    assert set(done) == {crime.__name__ for crime in CRIMES}
    return unseen


@pytest.fixture
async def evidence(database: Any, chronicle: Chronicle, key: Signer, tmp_path: Path) -> Any:
    gathered = await gather(database, chronicle, key, tmp_path)
    yield gathered
    await gathered.superuser.close()


async def test_of_100_random_changes_each_is_found(evidence: Evidence) -> None:
    assert await missed(evidence, 100, seed=16) == []


@pytest.mark.full
@pytest.mark.timeout(1800)
async def test_of_2_000_random_changes_each_is_found(evidence: Evidence) -> None:
    assert await missed(evidence, 2000, seed=20_261_130) == []
