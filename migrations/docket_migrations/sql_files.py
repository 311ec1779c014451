"""The frozen files of SQL of one migration: sql/<revision>/<name>.sql, run as they are."""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy import Connection
from sqlalchemy.engine import AdaptedConnection

_HERE = Path(__file__).parent
_SQL = _HERE / "sql"


def run_as_owner(revision: str, *names: str) -> None:
    """Run files of a migration, in this order, as the role that owns the schema."""
    op.execute("set local role docket_owner")
    run(revision, *names)
    op.execute("reset role")


def run(revision: str, *names: str) -> None:
    """Run files of a migration, in this order, as the role that migrates."""
    for name in names:
        _execute(op.get_bind(), _SQL / revision / f"{name}.sql")


def set_bounds(connection: Connection) -> None:
    """Bound what the roles of the services may use: what no dump keeps, at every upgrade."""
    _execute(connection, _HERE / "bounds.sql")


def _execute(connection: Connection, file: Path) -> None:
    statements = file.read_text(encoding="utf-8")
    # the driver's own call, for the extended protocol takes only one statement at a time
    adapted = cast(AdaptedConnection, connection.connection.dbapi_connection)
    adapted.run_async(lambda driver: driver.execute(statements))
