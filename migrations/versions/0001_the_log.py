"""The log, its read models, the roles and the functions: everything, from an empty database."""

from pathlib import Path

from alembic import op

from docket_runtime.new_ids import new_id
from docket_runtime.schema.upgrade import run_as_owner, run_file
from docket_runtime.settings import load

revision = "0001"
down_revision = None

SQL = Path(__file__).parent.parent / "sql"
OWNED = (
    "log",
    "read_models",
    "present",
    "append_types",
    "append_batch",
    "refuse_change",
    "grants",
)


def upgrade() -> None:
    """Create the schema `docket` and begin an empty log with its fixed number of partitions."""
    run_file(SQL / "roles.sql")
    run_as_owner(*(SQL / f"{name}.sql" for name in OWNED))
    begin_log(load().log_partitions)
    # so that a service can say whether the database is the one it was written for
    op.execute(
        "grant select on alembic_version"
        " to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor"
    )


def begin_log(partitions: int) -> None:
    """Write the log's id and the empty head of each partition (decision 0005)."""
    log_id = new_id()
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
