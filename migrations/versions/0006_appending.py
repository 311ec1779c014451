"""The append as it is now: a command's key is checked by writing it."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner

revision = "0006"
down_revision = "0005"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Make append_batch anew."""
    run_as_owner(SQL / "append_batch.sql")
