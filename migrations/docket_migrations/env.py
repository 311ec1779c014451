"""How Alembic runs the migrations: on the connection that it is given, all in one transaction.

It waits neither long for a lock nor long for a statement: a migration that cannot have its lock
gives way to the services and is run again. Of two at the same time the second waits for the first,
as long as that takes, and finds its work done.
"""

from typing import Any

from alembic import context

from docket_migrations.sql_files import set_bounds

LOCK = "hashtext('docket_migrations')"

attributes = context.config.attributes
connection = attributes["connection"]


def bound() -> None:
    """Bound the wait for locks and the time of statements; a migration may have set its own."""
    connection.exec_driver_sql(f"set local lock_timeout = {attributes['lock_ms']:d}")
    connection.exec_driver_sql(f"set local statement_timeout = {attributes['statement_ms']:d}")


def applied(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Tell that a migration has been run."""
    bound()
    attributes["applied"](step.up_revision_id)


connection.exec_driver_sql("set statement_timeout = 0")
connection.commit()
context.configure(connection=connection, on_version_apply=applied)
with context.begin_transaction():
    # who waits for another migration stands in nobody's way
    if not connection.exec_driver_sql(f"select pg_try_advisory_xact_lock({LOCK})").scalar():
        attributes["waits"]()
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
    bound()
    attributes["before"] = context.get_context().get_current_revision()
    context.run_migrations()
    set_bounds(connection)
    attributes["finish"](connection)  # what the code knows and the database must know too
