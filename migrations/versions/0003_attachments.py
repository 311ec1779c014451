"""Files beside the log, and erasing as a part of the append."""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Add the table of files, and the trigger by which an erasing event erases."""
    op.execute("set local role docket_owner")
    run_file("attachments")
    op.execute("reset role")


def run_file(name: str) -> None:
    """Run a file of several statements; the extended protocol takes only one at a time."""
    statements = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    adapted.run_async(lambda connection: connection.execute(statements))
