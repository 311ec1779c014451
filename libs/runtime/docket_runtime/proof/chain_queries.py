"""The queries by which the chains are read: of events by partition, of accesses alike."""

from typing import NamedTuple

from docket_proof.access import ACCESS
from docket_runtime.store.rows import EVENT_COLUMNS

INSTANTS = ("occurred_at", "recorded_at")


def columns(table: str) -> str:
    """Return an event's columns for a query, instants as the bytes that are stored."""
    named = (f"{table}.{name}" for name in EVENT_COLUMNS)
    return ", ".join(
        f"timestamptz_send({name})" if name.endswith(INSTANTS) else name for name in named
    )


ROWS = f"""
    select {columns("e")} from docket.events as e
    where partition = $1 and position > $2 and position <= $3 order by position limit $4
"""  # noqa: S608 - made of column names of ours
OF_TICKET = f"""
    select before.hash as before, {columns("e")}
    from docket.events as e
    left join docket.events as before
        on before.partition = e.partition and before.position = e.position - 1
    where e.partition = $1 and e.ticket_id = $2 order by e.version
"""  # noqa: S608 - made of column names of ours
HASHES = """
    select position, hash from docket.events
    where partition = $1 and position > $2 and position <= $3 order by position limit $4
"""
ACCESS_ROWS = """
    select position, access_id, timestamptz_send(at), role, subject, operation, ticket_id,
        account_id, asked, outcome, reason_digest, trace_id, hash
    from docket.access_events
    where -1 = $1 and position > $2 and position <= $3 order by position limit $4
"""
ACCESS_HASHES = """
    select position, hash from docket.access_events
    where -1 = $1 and position > $2 and position <= $3 order by position limit $4
"""
META = "select log_id, partitions from docket.log_meta"
HEAD = """
    select head_position, head_hash, timestamptz_send(recorded_at) from docket.log_partitions
    where partition = $1
"""
ACCESS_HEAD = """
    select head_position, head_hash, timestamptz_send(recorded_at) from docket.access_head
    where partition = $1
"""
ENDS = """
    select h.head_position,
        (select min(position) from docket.events as e where e.partition = h.partition),
        (select max(position) from docket.events as e where e.partition = h.partition)
    from docket.log_partitions as h where h.partition = $1
"""
ACCESS_ENDS = """
    select h.head_position, (select min(position) from docket.access_events),
        (select max(position) from docket.access_events)
    from docket.access_head as h where h.partition = $1
"""
STRAY_HEADS = """
    select partition from docket.log_partitions where partition < 0 or partition >= $1 limit 1
"""
NOTES = """
    select size, note, frontier, timestamptz_send(signed_at) from docket.log_checkpoints
    where partition = $1 order by size
"""
STRAY_NOTES = """
    select partition, size from docket.log_checkpoints where partition < -1 or partition >= $1
    limit 1
"""
STRAY = (
    "select partition, position from docket.events where partition < 0 or partition >= $1 limit 1"
)
SPARSE = """
    select ticket_id, max(version) as last, count(*) as events from docket.events
    where partition = $1 group by ticket_id having min(version) <> 1 or max(version) <> count(*)
    order by ticket_id limit 100
"""


class ChainQueries(NamedTuple):
    """How one kind of chain is read: rows, hashes, its head, and both of its ends at once."""

    rows: str
    hashes: str
    head: str
    ends: str


_LOG = ChainQueries(ROWS, HASHES, HEAD, ENDS)
_ACCESSES = ChainQueries(ACCESS_ROWS, ACCESS_HASHES, ACCESS_HEAD, ACCESS_ENDS)


def queries_of(chain: int) -> ChainQueries:
    """Return how a chain is read, by its number."""
    return _ACCESSES if chain == ACCESS else _LOG
