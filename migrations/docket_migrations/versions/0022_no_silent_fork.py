"""A restored log is noticed, no number is given twice, and a full disk is seen (0042)."""

from docket_migrations.sql_files import run_as_owner

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    """Create what services try to write, and what a new timeline of PostgreSQL is held against."""
    run_as_owner(revision, "write_probe", "probe_write")
    run_as_owner(revision, "present_timeline", "timeline", "next_numbers", "confirm_numbers")
