"""Half of each page of tickets for the versions to come."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner

revision = "0008"
down_revision = "0007"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Leave more room on the pages that are written from now on."""
    run_as_owner(SQL / "room.sql")
