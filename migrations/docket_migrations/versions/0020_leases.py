"""Who leads what is a lease in the database, not a lock of a session (0040)."""

from docket_migrations.sql_files import run_as_owner

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the leases and the function that holds them."""
    run_as_owner(revision, "leases", "hold_leases")
