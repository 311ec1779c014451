"""Indexes for the sorts of the list of tickets."""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parent.parent / "sql" / "lists.sql"


def upgrade() -> None:
    """Add the indexes by priority and by number."""
    statements = SQL.read_text(encoding="utf-8")
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    op.execute("set local role docket_owner")
    adapted.run_async(lambda connection: connection.execute(statements))
    op.execute("reset role")
