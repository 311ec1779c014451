"""The log of a store test: a migrated database of its own, reached as ticket-api reaches it."""

from collections.abc import AsyncIterator
from typing import Protocol

import asyncpg
import pytest
from streams import Log

from docket_runtime.database import Database
from docket_runtime.store.append import Appender
from stopped_clock import UNHURRIED


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


@pytest.fixture
def log(database: HasUrl) -> Log:
    api = Database(database.url("docket_ticket_api"), "test", UNHURRIED, may_lose=True)
    return Log(database.url(), api)


@pytest.fixture
async def appender(log: Log) -> AsyncIterator[Appender]:
    appender = Appender(log.api)
    yield appender
    await appender.close()


@pytest.fixture
async def connection(log: Log) -> AsyncIterator[asyncpg.Connection]:
    opened = await log.api.connect()
    yield opened
    await opened.close()


@pytest.fixture
async def rival(log: Log) -> AsyncIterator[asyncpg.Connection]:
    """Another session that wants what `connection` wants."""
    opened = await log.api.connect()
    yield opened
    await opened.close()


@pytest.fixture
async def follower(database: HasUrl) -> AsyncIterator[asyncpg.Connection]:
    """A session of sla-clock, which follows the log and keeps its place."""
    opened = await asyncpg.connect(database.url("docket_sla_clock"))
    yield opened
    await opened.close()


@pytest.fixture
async def other_follower(database: HasUrl) -> AsyncIterator[asyncpg.Connection]:
    """Another instance of sla-clock."""
    opened = await asyncpg.connect(database.url("docket_sla_clock"))
    yield opened
    await opened.close()


@pytest.fixture
async def superuser(log: Log) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(log.address)
    yield opened
    await opened.close()
