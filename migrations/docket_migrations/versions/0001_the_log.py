"""The log, its read models and the roles: from an empty database.

The function that appends came with this one, was changed by 0002, 0006 and 0007, and has been made
anew by 0009: a database that begins today gets it there.
"""

from alembic import context, op

from docket_migrations.sql_files import run, run_as_owner

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the schema `docket` and begin an empty log with its fixed number of partitions."""
    run(revision, "roles")
    run_as_owner(revision, "log", "read_models", "present", "refuse_change", "grants")
    begin_log(**context.config.attributes["new_log"])
    # so that a service can say whether the database is the one it was written for
    op.execute(
        "grant select on alembic_version"
        " to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor"
    )


def begin_log(log_id: str, partitions: int) -> None:
    """Write the log's id and the empty head of each partition (decision 0005)."""
    bind = op.get_bind()
    bind.exec_driver_sql(
        "insert into docket.log_meta values ($1, $2, clock_timestamp())", (log_id, partitions)
    )
    bind.exec_driver_sql(
        "insert into docket.log_partitions"
        " select n, 0, sha256(uuid_send($1::uuid) || int2send(n::int2)), 'epoch'"
        " from generate_series(0, $2::int - 1) as n",
        (log_id, partitions),
    )
