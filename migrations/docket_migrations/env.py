"""How Alembic runs the migrations: on the connection that it is given, all in one transaction.

It waits neither long for a lock nor long for a statement: a migration that cannot have its lock
gives way to the services and is run again. Of two at the same time the second waits for the first
and finds its work done.
"""

from alembic import context

from docket_migrations.sql_files import set_bounds

attributes = context.config.attributes
connection = attributes["connection"]
connection.exec_driver_sql("set statement_timeout = '60s'")
connection.commit()
context.configure(connection=connection)
with context.begin_transaction():
    connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('docket_migrations'))")
    # not sooner: who waits for another migration stands in nobody's way
    connection.exec_driver_sql("set lock_timeout = '5s'")
    attributes["before"] = context.get_context().get_current_revision()
    context.run_migrations()
    set_bounds(connection)
    attributes["finish"](connection)  # what the code knows and the database must know too
