"""The chain goes row by row: a change of append_batch, which 0009 has made anew."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Change nothing."""
