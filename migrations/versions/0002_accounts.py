"""Accounts as streams of their own."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Do nothing yet."""
