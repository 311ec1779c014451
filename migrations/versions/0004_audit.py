"""Checkpoints and verification of the log, and who looked at what."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner, run_file

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Add the tables of proof and of access, and the role that may read the second."""
    run_file(SQL / "access_reader.sql")
    run_as_owner(SQL / "proof.sql", SQL / "access_events.sql")
