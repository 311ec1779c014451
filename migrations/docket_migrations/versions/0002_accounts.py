"""Accounts as streams of their own: a change of append_batch, which 0009 has made anew."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change nothing."""
