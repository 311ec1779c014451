"""Migrations that never change once merged: their frozen SQL, and its present text for readers."""

import inspect
import re
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import docket_migrations

MIGRATIONS = Path(docket_migrations.__file__).parent
SQL = MIGRATIONS / "sql"
FROZEN = Path(__file__).parents[2] / "data" / "migrations.sha256"
"""As `sha256sum` writes it. A new migration adds its files here, and nobody changes a line."""

PRESENT = sorted((MIGRATIONS / "functions").glob("*.sql"))
CREATES = re.compile(r"^create (?:or replace )?(?:function|type) docket\.(\w+)", re.MULTILINE)


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


def test_a_file_that_a_migration_has_run_never_changes() -> None:
    frozen = dict(reversed(line.split("  ")) for line in FROZEN.read_text().splitlines())
    stored = {
        str(file.relative_to(SQL)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(SQL.rglob("*.sql"))
    }
    assert stored == frozen


def test_a_migration_runs_all_files_of_its_own_folder() -> None:
    config = Config()
    config.set_main_option("script_location", "docket_migrations:")
    revisions = ScriptDirectory.from_config(config).walk_revisions()

    named = {
        script.revision: set(re.findall(r'"(\w+)"', inspect.getsource(script.module.upgrade)))
        for script in revisions
    }

    files = {(file.parent.name, file.stem) for file in SQL.rglob("*.sql")}
    assert {(folder, name) for folder, name in files if name not in named[folder]} == set()


@pytest.mark.parametrize("file", PRESENT, ids=lambda file: file.stem)
def test_what_readers_find_is_the_newest_that_a_migration_has_run(file: Path) -> None:
    text = file.read_text()
    created = set(CREATES.findall(text))
    newest = max(each for each in SQL.rglob("*.sql") if created & names_created_in(each))
    assert text in newest.read_text()


async def test_what_readers_find_is_what_stands_in_the_database(database: HasUrl) -> None:
    connection = await asyncpg.connect(database.url())
    functions = dict(
        await connection.fetch(
            "select proname, prosrc from pg_proc where pronamespace = 'docket'::regnamespace"
        )
    )
    await connection.close()

    present = {file.stem: file.read_text() for file in PRESENT}
    assert {name for name, body in functions.items() if body not in present.get(name, "")} == set()
    assert {name for text in present.values() for name in functions_of(text)} == set(functions)


def names_created_in(file: Path) -> set[str]:
    return set(CREATES.findall(file.read_text()))


def functions_of(text: str) -> list[str]:
    return re.findall(r"^create (?:or replace )?function docket\.(\w+)", text, re.MULTILINE)
