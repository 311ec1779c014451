"""The schema says which services run on it, so that two releases can run at once (0043)."""

from docket_migrations.sql_files import run_as_owner

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the range; every upgrade writes into it what the code says."""
    run_as_owner(revision, "schema_range")
