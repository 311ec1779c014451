"""The database's schema: brought up to date by the migrations of this checkout."""

from alembic import command
from alembic.config import Config

from docket_devstack.workspace import PROJECT


def upgrade(superuser_url: str) -> None:
    """Run every migration that this database has not had yet."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.set_main_option("sqlalchemy.url", superuser_url.replace("%", "%%"))
    command.upgrade(config, "head")
