"""Connections to PostgreSQL, and which errors mean that it is out of reach.

A server that may lose what it has acknowledged is refused, and so is a standby, whose readers may
see commits in another order than that of the primary: commands that only read may be told to take
it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import asyncpg
from asyncpg import exceptions as pg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from docket_runtime import metrics
from docket_runtime.production import OWNER, SUPERUSER, check_later
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

PATIENCE_S = 5.0

_OUT_OF_REACH = (
    OSError,  # TimeoutError is one too
    pg.PostgresConnectionError,
    pg.InternalClientError,
    pg.OperatorInterventionError,  # shut down, crashed, starting up, cancelled by a time-out
    pg.InsufficientResourcesError,  # disk full, too many connections
    pg.LockNotAvailableError,
    pg.DeadlockDetectedError,
    pg.SerializationError,
    pg.IdleInTransactionSessionTimeoutError,
    pg.ReadOnlySQLTransactionError,  # the primary has become a standby
    PoolExhausted,
)

_SERVER = """
    select pg_is_in_recovery() as standby,
        array(select name from unnest(array['fsync', 'full_page_writes', 'synchronous_commit'])
            as name where current_setting(name) = 'off') as switched_off,
        rolsuper as superuser,
        exists (select from pg_namespace
            where nspname = 'docket' and pg_has_role(nspowner, 'member')) as owner
    from pg_roles where rolname = current_user
"""


_DEVELOPMENT = "select development from docket.log_meta"


class NotDurable(Exception):
    """The server has a setting under which it may lose what it has acknowledged."""


class NotForDevelopment(Exception):
    """The clock is warped, and the database was not made for development."""


@dataclass(frozen=True, slots=True)
class Database:
    """How one process reaches the database; `name` is its application name on the server."""

    url: str
    name: str
    clock: str = "system"
    may_lose: bool = False
    settings: Settings | None = None
    reads_standby: bool = False

    @classmethod
    def of(cls, settings: Settings, name: str, *, reads_standby: bool = False) -> "Database":
        """Return the database of the settings, for the process called `name`.

        Who only reads, and can bear that the newest events are missing, `reads_standby` too.
        """
        may_lose = settings.env == "test"
        url = settings.database_url
        return cls(url, name, settings.clock, may_lose, settings, reads_standby)

    async def connect(self) -> asyncpg.Connection:
        """Open a connection to the primary; raise Unavailable or a reason to refuse it.

        Raise NotDurable, NotForDevelopment or Unsafe.
        """
        with reachable(), _counted():
            connection: asyncpg.Connection = await asyncpg.connect(
                self.url,
                timeout=PATIENCE_S,
                command_timeout=PATIENCE_S,
                server_settings={
                    "application_name": self.name,
                    "timezone": "UTC",
                    "docket.clock": self.clock,
                    "lock_timeout": "2s",
                    "idle_in_transaction_session_timeout": "5s",
                    # a host that vanishes is noticed, and what its sessions hold is free again
                    "tcp_keepalives_idle": "5",
                    "tcp_keepalives_interval": "2",
                    "tcp_keepalives_count": "2",
                    "tcp_user_timeout": "9000",
                },
            )
            metrics.CONNECTIONS_OPEN.inc()
            connection.add_termination_listener(_closed)
            try:
                await self._check(connection)
            except BaseException:
                connection.terminate()
                raise
            return connection

    def engine(self, *, connections: int = 5) -> AsyncEngine:
        """Return an engine for queries that are not frequent."""
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=PATIENCE_S,
            pool_pre_ping=True,
        )
        pool = cast("QueuePool", engine.pool)
        metrics.POOL_SIZE.set_function(pool.size)
        metrics.POOL_IN_USE.set_function(pool.checkedout)
        return engine

    async def _check(self, connection: asyncpg.Connection) -> None:
        server = await connection.fetchrow(_SERVER)
        if server["standby"] and not self.reads_standby:
            raise Unavailable("the database is a standby, not the primary")
        if server["switched_off"] and not self.may_lose:
            settings = ", ".join(server["switched_off"])
            raise NotDurable(f"{settings} is off: switch it on, or set DOCKET_ENV=test")
        if self.settings is not None and (server["superuser"] or server["owner"]):
            check_later(self.settings, SUPERUSER if server["superuser"] else OWNER)
        if self.clock != "system":
            await self._check_clock(connection)

    async def _check_clock(self, connection: asyncpg.Connection) -> None:
        try:
            development = await connection.fetchval(_DEVELOPMENT)
        except (pg.UndefinedTableError, pg.UndefinedColumnError, pg.InvalidSchemaNameError):
            return  # not migrated: readiness says so
        if not development:
            raise NotForDevelopment(
                f"DOCKET_CLOCK is {self.clock!r}, and this database was not made for development:"
                " set it to 'system', or make another database with DOCKET_ENV=dev"
            )


def _closed(_connection: asyncpg.Connection) -> None:
    metrics.CONNECTIONS_OPEN.dec()


@contextmanager
def _counted() -> Iterator[None]:
    try:
        yield
    except Exception:
        metrics.CONNECTS.labels("refused").inc()
        raise
    metrics.CONNECTS.labels("connected").inc()


@contextmanager
def reachable() -> Iterator[None]:
    """Turn errors that mean "not now" into Unavailable; let every other error through."""
    try:
        yield
    except Exception as fault:
        if is_out_of_reach(fault):
            raise Unavailable(f"the database is out of reach: {type(fault).__name__}") from fault
        raise


def is_out_of_reach(fault: BaseException) -> bool:
    """Return whether an error means that the database cannot do it now."""
    if isinstance(fault, DBAPIError):
        cause = fault.orig.__cause__ if fault.orig is not None else None
        return fault.connection_invalidated or (cause is not None and is_out_of_reach(cause))
    if isinstance(fault, pg.InterfaceError):
        return not isinstance(fault, ValueError)  # a ValueError is about an argument of ours
    return isinstance(fault, _OUT_OF_REACH)
