"""The append as it is now: the chain goes row by row and looks for no rows of equal number."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner

revision = "0007"
down_revision = "0006"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Make append_batch anew."""
    run_as_owner(SQL / "append_batch.sql")
