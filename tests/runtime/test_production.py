"""What production refuses: each unsafe setting by name, and each taken where it is allowed.

The table below is that of decision 0037; a refusal without a row here fails.
"""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

import asyncpg
import pytest

from docket_runtime.database import Database
from docket_runtime.production import (
    NAMES,
    OWNER,
    REFUSALS,
    SEEN_LATER,
    SUPERUSER,
    Unsafe,
    check_production,
)
from docket_runtime.settings import Settings

SAFE: dict[str, Any] = {
    "env": "prod",
    "database_url": "postgresql://docket_ticket_api@db.example/docket?sslmode=verify-full",
    "amqp_url": "amqps://docket:secret@bus.example/",
    "smtp_url": "smtps://mail.example",
    "host": "127.0.0.1",
    "jwt_issuer": "https://issuer.example",
    "jwks_url": "https://issuer.example/keys",
    "checkpoint_key": "/run/secrets/checkpoint.pem",
    "checkpoints_file": "/var/lib/docket/checkpoints.jsonl",
}
PROJECT = Path(__file__).parents[2]
SERVICES = ("ticket-api", "sla-clock", "notifier")


@dataclass(frozen=True)
class Row:
    """Settings that are unsafe, by the name of their refusal, and a service that they concern."""

    name: str
    service: str
    given: dict[str, Any]


DATABASE = "postgresql://docket_ticket_api@db.example/docket"
TABLE = [
    Row("plaintext-database", "ticket-api", {"database_url": DATABASE}),
    Row("plaintext-database", "sla-clock", {"database_url": f"{DATABASE}?sslmode=prefer"}),
    Row("plaintext-database", "notifier", {"database_url": f"{DATABASE}?sslmode=disable"}),
    Row(
        "plaintext-database",
        "notifier",
        {"database_url": "postgresql://u@127.0.0.1:5432,db.example:5432/docket"},
    ),
    Row("plaintext-database", "notifier", {"database_url": "postgresql:///d?host=10.0.0.7"}),
    Row("plaintext-database", "notifier", {"database_url": "postgresql://u@[2001:db8::1]/d"}),
    Row("unverified-database", "ticket-api", {"database_url": f"{DATABASE}?sslmode=require"}),
    Row("unverified-database", "ticket-api", {"database_url": f"{DATABASE}?sslmode=verify-ca"}),
    Row("plaintext-broker", "sla-clock", {"amqp_url": "amqp://docket:s@bus.example/"}),
    Row("plaintext-broker", "notifier", {"amqp_url": "amqp://docket:s@10.0.0.8/"}),
    Row("plaintext-broker", "sla-clock", {"amqp_url": "amqps://d:s@r1/,amqp://d:s@r2/"}),
    Row("guest-broker", "sla-clock", {"amqp_url": "amqps://d:s@r1/,amqps://guest:s@r2/"}),
    Row("guest-broker", "notifier", {"amqp_url": "amqp://guest:guest@127.0.0.1:5672/"}),
    Row("guest-broker", "sla-clock", {"amqp_url": "amqps://bus.example/"}),
    Row("plaintext-mail", "notifier", {"smtp_url": "smtp://mail.example:25"}),
    Row("plaintext-issuer", "ticket-api", {"jwks_url": "http://issuer.example/keys"}),
    Row("development-issuer", "ticket-api", {"jwt_issuer": "docket-dev"}),
    Row("long-tokens", "ticket-api", {"token_minutes": 61}),
    Row("no-checkpoint-key", "sla-clock", {"checkpoint_key": None}),
    Row("no-outside-copy", "sla-clock", {"checkpoints_file": None}),
    Row("public-http", "ticket-api", {"host": "0.0.0.0"}),
    Row("public-http", "notifier", {"host": "::"}),
    Row("public-http", "sla-clock", {"host": "10.1.2.3"}),
]
LOCAL = [
    {"database_url": "postgresql://docket_ticket_api@127.0.0.1:5432/docket"},
    {"database_url": "postgresql://docket_ticket_api@localhost/docket"},
    {"database_url": "postgresql://docket_ticket_api@[::1]:5432/docket"},
    {"database_url": "postgresql:///docket?host=/run/postgresql"},
    {"database_url": "postgresql://u@%2Frun%2Fpostgresql/docket"},
    {"amqp_url": "amqp://docket:secret@127.0.0.1:5672/"},
    {"amqp_url": "amqps://docket:s@r1.example/,amqp://docket:s@127.0.0.1:5672/"},
    {"amqp_url": "none"},
    {"smtp_url": "smtp://127.0.0.1:25"},
    {"smtp_url": "smtp+starttls://mail.example"},
    {"host": "0.0.0.0", "proxies": "10.0.0.2"},
    {"token_minutes": 60},
]


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


def settings(**given: Any) -> Settings:
    return Settings(**{**SAFE, **given})


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_safe_is_taken(service: str) -> None:
    assert check_production(settings(), service) == ()


@pytest.mark.parametrize("given", LOCAL, ids=str)
def test_what_stays_on_the_machine_or_behind_a_proxy_is_safe(given: dict[str, Any]) -> None:
    for service in SERVICES:
        assert check_production(settings(**given), service) == ()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}-{row.given}")
def test_each_unsafe_setting_is_refused_by_its_name(row: Row) -> None:
    with pytest.raises(Unsafe, match=f"DOCKET_ALLOW={row.name}"):
        check_production(settings(**row.given), row.service)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}-{row.given}")
def test_each_unsafe_setting_is_taken_where_it_is_allowed(row: Row) -> None:
    given = settings(**row.given, allow=f" {row.name} ,")
    assert check_production(given, row.service) == (row.name,)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}-{row.given}")
def test_nothing_is_refused_outside_production(row: Row) -> None:
    for env in ("dev", "test"):
        assert check_production(settings(**row.given, env=env), row.service) == ()


def test_all_that_is_unsafe_is_said_at_once() -> None:
    with pytest.raises(Unsafe) as refused:
        check_production(Settings(env="prod"), "sla-clock")
    said = str(refused.value)
    assert [name for name in NAMES if f"DOCKET_ALLOW={name}" in said] == [
        "guest-broker",
        "no-checkpoint-key",
        "no-outside-copy",
    ]


def test_another_refusal_is_not_allowed_by_the_first() -> None:
    with pytest.raises(Unsafe, match="guest-broker"):
        check_production(Settings(env="prod", allow="plaintext-broker"), "notifier")


@pytest.mark.parametrize("env", ["prod", "dev"])
def test_a_name_that_allows_nothing_is_refused(env: str) -> None:
    with pytest.raises(Unsafe, match="guest_broker is none of plaintext-database"):
        check_production(settings(allow="guest_broker", env=env), "notifier")


def test_the_table_names_every_refusal() -> None:
    assert {row.name for row in TABLE} == {each.name for each in REFUSALS}
    assert {*NAMES} == {*SEEN_LATER, *(row.name for row in TABLE)}


def test_the_page_for_operators_names_every_refusal() -> None:
    page = (PROJECT / "docs" / "production.md").read_text()
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == {*NAMES}


@pytest.fixture
async def member(database: HasUrl) -> AsyncIterator[str]:
    """A role that may become the owner of the log."""
    role = f"member_{token_hex(4)}"
    connection = await asyncpg.connect(database.url())
    await connection.execute(f"create role {role} login; grant docket_owner to {role}")
    yield role
    await connection.execute(f"drop role {role}")
    await connection.close()


async def test_a_role_that_could_change_the_log_is_refused(database: HasUrl, member: str) -> None:
    for role, name in (("postgres", SUPERUSER), (member, OWNER)):
        address = database.url(role)
        with pytest.raises(Unsafe, match=f"DOCKET_ALLOW={name}"):
            await connect(settings(database_url=address))
        await connect(settings(database_url=address, allow=name))
        await connect(settings(database_url=address, env="dev"))


@pytest.mark.parametrize("service", ["ticket_api", "sla_clock", "notifier", "auditor"])
async def test_the_roles_of_the_services_are_taken(database: HasUrl, service: str) -> None:
    await connect(settings(database_url=database.url(f"docket_{service}")))


async def connect(given: Settings) -> None:
    """Connect as production would, but to a server of the tests, which may lose what it has."""
    connection = await replace(Database.of(given, "test"), may_lose=True).connect()
    await connection.close()


def test_a_service_with_unsafe_settings_does_not_start() -> None:
    environment = {"PATH": os.environ["PATH"], "DOCKET_SLA_CLOCK_PORT": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "sla_clock"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "sla-clock does not start:\nrefused when DOCKET_ENV=prod" in done.stderr
    assert "Traceback" not in done.stderr
