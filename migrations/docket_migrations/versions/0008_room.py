"""Half of each page of tickets for the versions to come."""

from docket_migrations.sql_files import run_as_owner

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Leave more room on the pages that are written from now on."""
    run_as_owner(revision, "tickets_fillfactor")
