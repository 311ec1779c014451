"""What a migration is made of: files of SQL, run as they are.

A file of tables is never edited once a migration has run it; a later migration brings another. A
file of a function holds its present text, and a migration that changes it runs the file again.
"""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection


def run_as_owner(*files: Path) -> None:
    """Run files of SQL on the migration's connection as the role that owns the schema."""
    op.execute("set local role docket_owner")
    for file in files:
        run_file(file)
    op.execute("reset role")


def run_file(file: Path) -> None:
    """Run a file of several statements; the extended protocol takes only one at a time."""
    statements = file.read_text(encoding="utf-8")
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    adapted.run_async(lambda connection: connection.execute(statements))
