"""An installation that is well, and everything that can be wrong with one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from terminal import Terminal
from typer.testing import Result

from docket_cli.installation import database_checks, key_files, neighbour_checks, setting_checks
from docket_runtime.clock import wall_clock

ROLES = {
    "ticket-api": "docket_ticket_api",
    "sla-clock": "docket_sla_clock",
    "notifier": "docket_notifier",
}
SECRET = "s3cr3t"


@dataclass
class Installation:
    """Settings that are well, and the files they name; `checks` asks the command."""

    folder: Path
    env: pytest.MonkeyPatch
    database: Any

    def set(self, **settings: str | None) -> None:
        for name, value in settings.items():
            if value is None:
                self.env.delenv(f"DOCKET_{name.upper()}", raising=False)
            else:
                self.env.setenv(f"DOCKET_{name.upper()}", value)

    async def says(self, service: str) -> Result:
        self.env.setenv("DOCKET_DATABASE_URL", self.database.url(ROLES[service]))
        return await self.types("--service", service, "--json")

    async def types(self, *words: str) -> Result:
        return await asyncio.to_thread(Terminal().types, "check", *words)

    async def execute(self, script: str) -> None:
        connection = await asyncpg.connect(self.database.url())
        await connection.execute(script)
        await connection.close()


@dataclass(frozen=True)
class Wrong:
    """Something that is not well: how it comes about, and what the check says of it."""

    name: str
    service: str
    check: str
    says: str
    state: str = "fault"
    settings: dict[str, str | None] = field(default_factory=dict)
    script: str = ""
    make: Callable[[Installation], Any] = lambda _: None


NOWHERE = "127.0.0.1:1"
WRONG = [
    Wrong("no broker", "notifier", "broker", "DOCKET_AMQP_URL", settings={
        "amqp_url": f"amqp://docket:{SECRET}@{NOWHERE}/"}),
    Wrong("no mail server", "notifier", "mail", "DOCKET_SMTP_URL", settings={
        "smtp_url": f"smtp://docket:{SECRET}@{NOWHERE}"}),
    Wrong("no mail address", "notifier", "mail", "is none of smtp://host:port", settings={
        "smtp_url": f"mail.example/{SECRET}"}),
    Wrong("no letters", "notifier", "settings", "DOCKET_LETTERS names /no/letters", settings={
        "letters": "/no/letters"}),
    Wrong("no keys", "ticket-api", "token keys", "nothing says with which keys", settings={
        "jwt_keys": None}),
    Wrong("wrong keys", "ticket-api", "token keys", "no JWK set",
        make=lambda made: (made.folder / "jwks.json").write_text(SECRET)),
    Wrong("no issuer", "ticket-api", "token keys", "refused", settings={
        "jwt_keys": None, "jwks_url": f"http://{NOWHERE}/keys"}),
    Wrong("no folder", "ticket-api", "files", "cannot be made here", settings={
        "files_url": "file://{folder}/jwks.json/files"}),
    Wrong("no store", "ticket-api", "files", "DOCKET_FILES_URL", settings={
        "files_url": "nfs://files"}),
    Wrong("another public key", "sla-clock", "checkpoints", "docket checkpoint-key",
        make=lambda made: key_files.make_checkpoint_key(
            made.folder / "b.pem", made.folder / "b.pub"),
        settings={"checkpoint_keys": "{folder}/b.pub"}),
    Wrong("no private key", "sla-clock", "checkpoints", "No such file", settings={
        "checkpoint_key": "/no/checkpoint.pem"}),
    Wrong("no Ed25519", "sla-clock", "checkpoints", "it is no Ed25519 key", settings={
        "checkpoint_key": "{folder}/jwks.json"}),
    Wrong("no public keys", "ticket-api", "checkpoints", "is not there", settings={
        "checkpoint_keys": "/no/checkpoint.pub"}),
    Wrong("nowhere for copies", "sla-clock", "checkpoints", "cannot be written", settings={
        "checkpoints_file": "/no/folder/checkpoints.jsonl"}),
    Wrong("unsigned", "sla-clock", "checkpoints", "nothing is signed", "warning", settings={
        "checkpoint_key": None}),
    Wrong("nobody can check", "sla-clock", "checkpoints", "no signature can be checked",
        "warning", settings={"checkpoint_keys": None}),
    Wrong("an open key", "sla-clock", "checkpoints", "chmod 600", "warning",
        make=lambda made: (made.folder / "checkpoint.pem").chmod(0o640)),
    Wrong("an open secret", "ticket-api", "secrets", "DOCKET_TOKEN, can be read by others",
        "warning", settings={"token_file": "{folder}/token"},
        make=lambda made: (made.folder / "token").write_text(SECRET)),
    Wrong("unknown names", "ticket-api", "settings", "DOCKET_HOTS is an unknown setting", settings={
        "hots": SECRET}),
    Wrong("unknown allowance", "ticket-api", "settings", "DOCKET_ALLOW names everything", settings={
        "allow": "everything"}),
    Wrong("a revoked right", "sla-clock", "roles", "lacks execute on docket.append_batch",
        script="revoke execute on function docket.append_batch from docket_sla_clock"),
    Wrong("a right too many", "notifier", "roles", "has too much: update on docket.events",
        script="grant update on docket.events to docket_notifier"),
    Wrong("an older schema", "notifier", "migrations", "docket migrate",
        script="update alembic_version set version_num = '0018'"),
    Wrong("a newer schema", "notifier", "migrations", "install the newer Docket",
        script="update alembic_version set version_num = '9999';"
        " update docket.schema_range set oldest_code = '9999'"),
    Wrong("no schema", "notifier", "migrations", "the database is empty",
        script="drop table alembic_version"),
    Wrong("an old server", "notifier", "database", "99 or newer is needed",
        make=lambda made: made.env.setattr(database_checks, "OLDEST_POSTGRESQL", 99)),
    Wrong("an old broker", "notifier", "broker", "nobody has tried one before", "warning",
        make=lambda made: made.env.setattr(neighbour_checks, "OLDEST_RABBITMQ", (99, 0))),
    Wrong("a clock that is off", "notifier", "clock", "5.0 s apart", "warning",
        make=lambda made: off_by(made, timedelta(seconds=5))),
    Wrong("a clock that is wrong", "notifier", "clock", "tokens expire",
        make=lambda made: off_by(made, timedelta(minutes=-2))),
    Wrong("calendars that end", "notifier", "calendars", "ends with 2030", "warning",
        make=lambda made: in_the_year(made, 2030)),
    Wrong("calendars that have ended", "notifier", "calendars", "has ended with 2030",
        make=lambda made: in_the_year(made, 2031)),
]  # fmt: skip


def off_by(made: Installation, difference: timedelta) -> None:
    made.env.setattr(database_checks, "wall_clock", lambda: wall_clock() + difference)


def in_the_year(made: Installation, year: int) -> None:
    made.env.setattr(setting_checks, "wall_clock", lambda: datetime(year, 6, 1, tzinfo=UTC))
