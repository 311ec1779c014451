"""Indexes for the sorts of the list of tickets."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Add the indexes by priority and by number."""
    run_as_owner(SQL / "lists.sql")
