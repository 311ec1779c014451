"""How unclear or contradicting clauses are read: C-01, C-02, ..., in our words.

What a reading chooses as a value of the editions' data is told from there: its keys are those that
`docket_policies.terms.readings` names for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from docket_policies.terms.editions import all_editions, edition_data
from docket_policies.terms.pack_format import parse
from docket_policies.terms.readings import AMBIGUITY
from docket_policies.terms.table import Table


@dataclass(frozen=True, slots=True)
class Reading:
    """One question that the texts leave open, and how we answer it.

    `keys` are the fields of the editions' data that carry the answer, none where no other value
    would be possible. `clauses` are those that it is about.
    """

    id: str
    says: str
    chosen: str
    clauses: tuple[str, ...]
    example: str
    keys: tuple[str, ...]

    def values(self) -> Mapping[str, Mapping[str, str]]:
        """Return the value that each edition chooses, by key and edition."""
        return {key: _chosen(key) for key in self.keys}


def reading_of(reading_id: str) -> Reading | None:
    """Return a reading by its id, None when there is no such."""
    return all_readings().get(reading_id)


@cache
def all_readings() -> Mapping[str, Reading]:
    """Return the readings by id, in their order; raise BadPack."""
    name = "readings.toml"
    entry = files("docket_simulation.clauses") / name
    table = parse(entry.read_text(encoding="utf-8"), f"clauses/{name}")
    return {reading_id: _reading(reading_id, table.child(reading_id)) for reading_id in table}


def _reading(reading_id: str, row: Table) -> Reading:
    reading = Reading(
        id=reading_id,
        says=row.value("says", str),
        chosen=row.value("chosen", str),
        clauses=row.names("clauses"),
        example=row.value("example", str),
        keys=tuple(key for key, ambiguity in AMBIGUITY.items() if ambiguity == reading_id),
    )
    row.done()
    return reading


def _chosen(key: str) -> Mapping[str, str]:
    chosen = {}
    for edition in all_editions():
        readings = edition_data(edition.pack, edition.revision).get("readings", {})
        if key in readings:
            chosen[edition.revision] = str(readings[key])
    return chosen
