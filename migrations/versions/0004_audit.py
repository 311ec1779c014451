"""Checkpoints and verification of the log, and who looked at what."""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Add the tables of proof and of access, and the role that may read the second."""
    run_file("access_reader")
    op.execute("set local role docket_owner")
    run_file("proof")
    run_file("access_events")
    op.execute("reset role")


def run_file(name: str) -> None:
    """Run a file of several statements; the extended protocol takes only one at a time."""
    statements = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    adapted.run_async(lambda connection: connection.execute(statements))
