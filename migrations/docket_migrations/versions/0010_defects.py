"""An index that finds the tickets linked to a defect."""

from docket_migrations.sql_files import run_as_owner

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the index of links to defects."""
    run_as_owner(revision, "defects")
