"""How a database becomes, or becomes again, the one that this version of the code expects.

The connection is the one given in the configuration's `connection` attribute, else a new one to
`sqlalchemy.url`, else to DOCKET_DATABASE_URL. It waits neither long for a lock nor long for a
statement: a migration that cannot have its lock gives way to the services and is run again.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from docket_runtime.schema.tables import metadata
from docket_runtime.settings import load

PATIENCE = {"lock_timeout": "5s", "statement_timeout": "60s"}


def migrate(connection: Connection) -> None:
    """Run the migrations on this connection, all in one transaction."""
    for name, value in PATIENCE.items():
        connection.exec_driver_sql("select set_config($1, $2, false)", (name, value))
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, include_schemas=True)
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate(url: str) -> None:
    """Run the migrations on a connection of their own."""
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(
        connect_and_migrate(context.config.get_main_option("sqlalchemy.url") or load().database_url)
    )
