"""Checkpoints and verification of the log, and who looked at what."""

from docket_migrations.sql_files import run, run_as_owner

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables of proof and of access, and the role that may read the second."""
    run(revision, "access_reader")
    run_as_owner(revision, "proof", "access_events")
