"""Somebody who may change anything in the database, and what there is to change."""

from random import Random
from typing import Any

import asyncpg
from covered_columns import covered
from evidence import Evidence

NOT_COVERED = "not covered"
ONLY = {
    "attachments": "completed_at is not null and erased_at is null",
    "clocks": "true",
}
"""The rows whose every column is covered, where that are not all."""

KEYS = {
    "events": ("position",),
    "contents": ("content_id",),
    "attachments": ("attachment_id",),
    "access_events": ("position",),
    "access_reasons": ("access_id",),
    "log_checkpoints": ("partition", "size"),
    "log_partitions": ("partition",),
    "access_head": ("partition",),
    "log_meta": ("log_id",),
    "tickets": ("ticket_id",),
}
COLUMNS = """
    select table_name, column_name, udt_name, is_nullable = 'YES' from information_schema.columns
    where table_schema = 'docket' order by 1, ordinal_position
"""
HEADS = {"events": "log_partitions", "access_events": "access_head"}


class NoChange(Exception):
    """The change that was drawn changes nothing, or cannot be made."""


class Culprit:
    """Changes the evidence; what it did is told by the name of the change."""

    def __init__(self, evidence: Evidence, random: Random, columns: list[asyncpg.Record]) -> None:
        self.evidence = evidence
        self.random = random
        self.superuser = evidence.superuser
        told = covered()
        self.columns = {
            table: [
                (column, kind, nullable)
                for name, column, kind, nullable in columns
                if name == table and told[table][column] != NOT_COVERED
            ]
            for table in KEYS
        }

    async def a_row(self, table: str, count: int = 1) -> list[asyncpg.Record]:
        rows = await self.superuser.fetch(
            f"select * from docket.{table} where {ONLY.get(table, 'true')} order by 1, 2"
        )
        if len(rows) < count:
            raise NoChange
        return self.random.sample(rows, count)

    def where(self, table: str, row: asyncpg.Record) -> tuple[str, list[Any]]:
        keys = KEYS[table]
        text = " and ".join(f"{key} = ${n}" for n, key in enumerate(keys, 1))
        return text, [row[key] for key in keys]

    async def execute(self, statement: str, *arguments: Any) -> None:
        try:
            done = await self.superuser.execute(statement, *arguments)
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as refused:
            raise NoChange from refused
        if done.endswith(" 0"):
            raise NoChange

    def value(self, kind: str, old: Any, *, nullable: bool) -> str:
        """Return an expression for another value of a column, of its own old one where it can."""
        if nullable and old is not None and self.random.random() < 0.15:
            return "null"
        number = self.random.choice((1, -1)) * self.random.choice((1, 2, 1000))
        match kind:
            case "int2" | "int4" | "int8":
                return f"{(old or 0) + number}::{kind}"
            case "uuid":
                return "gen_random_uuid()"
            case "_uuid":
                return self.random.choice(("'{}'::uuid[]", "array[gen_random_uuid()]"))
            case "bool":
                return "true" if old is None else f"{not old}"
            case "timestamptz":
                if old is None or self.random.random() < 0.1:
                    return "'infinity'::timestamptz"
                shift = f"interval '{number} microseconds'"
                return f"'{old.isoformat()}'::timestamptz + {shift}"
            case "bytea":
                flipped = bytearray(old or b"")
                if flipped:
                    flipped[self.random.randrange(len(flipped))] ^= 1 << self.random.randrange(8)
                return rf"'\x{bytes(flipped).hex() or '00'}'::bytea"
            case "text":
                text = old or ""
                place = self.random.randrange(len(text) + 1)
                return "'" + (text[:place] + "x" + text[place:]).replace("'", "''") + "'"
        raise AssertionError(f"no change of {kind} is known")
