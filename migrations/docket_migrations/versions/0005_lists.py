"""Indexes for the sorts of the list of tickets."""

from docket_migrations.sql_files import run_as_owner

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the indexes by priority and by number."""
    run_as_owner(revision, "lists")
