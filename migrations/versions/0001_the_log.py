"""The log, its read models, the roles and the functions: everything, from an empty database.

The files of `migrations/sql` are run as they are. A file that a released migration has run is not
edited; a later migration brings a file of its own.
"""

from pathlib import Path
from typing import cast

from alembic import op
from sqlalchemy.engine import AdaptedConnection

from docket_runtime.clock import new_id
from docket_runtime.settings import load

revision = "0001"
down_revision = None

SQL = Path(__file__).parent.parent / "sql"
OWNED = ("log", "read_models", "present", "chain", "append_batch", "refuse_change", "grants")


def upgrade() -> None:
    """Create the schema `docket` and begin an empty log with its fixed number of partitions."""
    run_file("roles")
    op.execute("set local role docket_owner")
    for name in OWNED:
        run_file(name)
    begin_log(load().log_partitions)
    op.execute("reset role")
    # so that a service can say whether the database is the one it was written for
    op.execute(
        "grant select on alembic_version"
        " to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor"
    )


def run_file(name: str) -> None:
    """Run a file of several statements; the extended protocol takes only one at a time."""
    statements = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    adapted = cast(AdaptedConnection, op.get_bind().connection.dbapi_connection)
    adapted.run_async(lambda connection: connection.execute(statements))


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
