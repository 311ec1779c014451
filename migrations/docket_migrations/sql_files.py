"""The frozen files of SQL of one migration: sql/<revision>/<name>.sql, run as they are."""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection

_SQL = Path(__file__).parent / "sql"


def run_as_owner(revision: str, *names: str) -> None:
    """Run files of a migration, in this order, as the role that owns the schema."""
    op.execute("set local role docket_owner")
    run(revision, *names)
    op.execute("reset role")


def run(revision: str, *names: str) -> None:
    """Run files of a migration, in this order, as the role that migrates."""
    for name in names:
        _execute((_SQL / revision / f"{name}.sql").read_text(encoding="utf-8"))


def _execute(statements: str) -> None:
    # the driver's own call, for the extended protocol takes only one statement at a time
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    adapted.run_async(lambda connection: connection.execute(statements))
