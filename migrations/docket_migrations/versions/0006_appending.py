"""A command's key is checked by writing it: a change of append_batch, which 0009 has made anew."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change nothing."""
