"""The log defends itself: who may write what, which time counts, and what a role may not (0031)."""

from alembic import context, op

from docket_migrations.sql_files import run_as_owner

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Mark the database, and bind each service to what is its own."""
    mark(development=context.config.attributes["development"])
    run_as_owner(
        revision, "event_writers", "present", "erasing", "refuse_unfit", "append_batch", "own_rows"
    )


def mark(*, development: bool) -> None:
    """Say for good whether this database was made for development: no row can be changed later."""
    op.execute("set local role docket_owner")
    op.execute(
        "alter table docket.log_meta add column development boolean not null"
        f" default {str(development).lower()}"
    )
    op.execute("alter table docket.log_meta alter column development drop default")
    op.execute("reset role")
