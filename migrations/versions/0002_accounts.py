"""Accounts as streams of their own: a change of append_batch, which 0006 has run again since."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change nothing: the function as it is now has come with 0001 or comes with 0006."""
