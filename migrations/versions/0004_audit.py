"""Checkpoints, and who looked at what."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Do nothing yet."""
