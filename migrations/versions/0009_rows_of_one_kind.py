"""The append as it is now: rows of one kind, keys as bytes, no aggregate and no trigger."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner

revision = "0009"
down_revision = "0008"

SQL = Path(__file__).parent.parent / "sql"
CHANGED = ("command_keys", "erasing", "append_anew", "append_types", "append_batch")


def upgrade() -> None:
    """Make append_batch, its types and what it calls anew."""
    run_as_owner(*(SQL / f"{name}.sql" for name in CHANGED))
