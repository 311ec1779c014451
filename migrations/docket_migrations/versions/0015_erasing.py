"""Why texts were shown goes with a text that is erased."""

from docket_migrations.sql_files import run_as_owner

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Let the erasing of a text erase the reasons for which those of its ticket were shown."""
    run_as_owner(revision, "erasing")
