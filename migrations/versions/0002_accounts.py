"""Accounts as streams of their own: events in the log, without a row among the tickets."""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parent.parent / "sql" / "accounts.sql"


def upgrade() -> None:
    """Let the log be appended to in streams that are no ticket's."""
    statements = SQL.read_text(encoding="utf-8")
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    op.execute("set local role docket_owner")
    adapted.run_async(lambda connection: connection.execute(statements))
    op.execute("reset role")
