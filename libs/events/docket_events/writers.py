"""Which service may write which event in whose name: the table of `writers.csv` (decision 0031).

The columns are those who act: people, whose events ticket-api alone writes, the import, which runs
as ticket-api, and the services that act for themselves. `docket migrate` gives the database a copy,
and docket.append_batch refuses what is not in it.
"""

from collections.abc import Iterator, Mapping
from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from docket_events.codec import EVENT_TYPES, SCHEMA_VERSION
from docket_events.recorded import ActorKind

Writer = Literal["docket_ticket_api", "docket_sla_clock", "docket_notifier"]
"""The role that a service has in the database."""

_OF_PEOPLE: tuple[ActorKind, ...] = (
    "customer",
    "agent",
    "product_team",
    "service",
    "privacy_officer",
    "import",
)
_OF_SERVICES: Mapping[str, Writer] = {
    "sla-clock": "docket_sla_clock",
    "notifier": "docket_notifier",
}
COLUMNS = (*_OF_PEOPLE, *_OF_SERVICES)
YES, NO = "yes", "-"


class EventWriter(NamedTuple):
    """One event that a service may write in the name of a kind of actor.

    A service that acts for itself has the `actor_id` that it must name, and acts for nobody.
    `schema_version` is the newest that it may write.
    """

    writer: Writer
    actor_kind: ActorKind
    actor_id: str | None
    type: str
    schema_version: int


@cache
def event_writers() -> tuple[EventWriter, ...]:
    """Return all that may be written."""
    return tuple(read((files(__package__) / "writers.csv").read_text(encoding="utf-8")))


def read(text: str) -> Iterator[EventWriter]:
    """Read a table of writers; raise ValueError that names the row that is wrong.

    Each event has one row, and somebody who writes it.
    """
    rows = dict[str, dict[str, str]]()
    for each in DictReader(text.splitlines(), skipinitialspace=True):
        row = {str(column): str(cell) for column, cell in each.items()}
        name = row.pop("event", "")
        if name not in EVENT_TYPES or name in rows:
            raise ValueError(f"writers.csv, {name!r}: a row for each event type, and one only")
        if [*row] != [*COLUMNS] or {*row.values()} - {YES, NO} or YES not in row.values():
            raise ValueError(
                f"writers.csv, {name}: {YES} or {NO} for each of {', '.join(COLUMNS)},"
                f" and {YES} for one at least"
            )
        rows[name] = row
    if missing := EVENT_TYPES.keys() - rows:
        raise ValueError(f"writers.csv has no row for {', '.join(sorted(missing))}")
    for name, cells in rows.items():
        version = SCHEMA_VERSION.get(name, 1)
        for kind in _OF_PEOPLE:
            if cells[kind] == YES:
                yield EventWriter("docket_ticket_api", kind, None, name, version)
        for service, writer in _OF_SERVICES.items():
            if cells[service] == YES:
                yield EventWriter(writer, "service", service, name, version)
