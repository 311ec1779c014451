"""Tokens that are revoked before they expire."""

from docket_migrations.sql_files import run_as_owner

revision = "0018"
down_revision = "0015"


def upgrade() -> None:
    """Create the table of revocations."""
    run_as_owner(revision, "revocations")
