"""The mapping file (TOML): what the columns and values of a CSV or XES file mean.

docs/importing.md has examples. A column of XES is a key of the event, or `case:` and a key of its
trace.
"""

import codecs
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from docket_import.fault import bad_file
from docket_import.helpdesk import HAPPENINGS
from docket_import.translation import OPENING, Translation

_OURS = {"product": "category", "requester": "caller_id", "account": "location"}
"""What the fields of the helpdesk's lines are called in a mapping."""
_DATA = {each.name for kind in HAPPENINGS.values() for each in msgspec.structs.fields(kind)}
FIELDS = {"case", "occurred_at", "type", "agent", *_OURS, *_DATA} - {*_OURS.values(), "stage"}
_XES = {
    "case": "case:concept:name",
    "occurred_at": "time:timestamp",
    "type": "concept:name",
    "agent": "org:resource",
}
"""Where XES itself says what (IEEE 1849-2023)."""

Table = dict[str, str]


class CsvRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a CSV file is written; without `delimiter` it is the one that its head line has."""

    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] | None = None
    encoding: str = "utf-8"


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    columns: Table
    csv: CsvRules = msgspec.field(default_factory=CsvRules)
    happenings: dict[str, str | Table] = msgspec.field(default_factory=dict)
    types: Table = msgspec.field(default_factory=dict)
    values: dict[str, Table] = msgspec.field(default_factory=dict)
    defaults: Table = msgspec.field(default_factory=dict)
    only: dict[str, list[str]] = msgspec.field(default_factory=dict)
    first_row_opens: bool = False
    time: str | None = None
    timezone: str | None = None


def read_mapping(path: Path, format_: str) -> tuple[Translation, CsvRules]:
    """Read a mapping file; raise BadLine that says what is wrong in it, or OSError."""
    try:
        said = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), _Written)
        zone = None if said.timezone is None else ZoneInfo(said.timezone)
        codecs.lookup(said.csv.encoding)
    except (ValueError, LookupError, ZoneInfoNotFoundError) as error:
        raise bad_file(f"the mapping {path.name}", str(error)) from error
    columns = {**(_XES if format_ == "xes" else {}), **said.columns}
    happenings = {
        type_: {"occurred_at": told} if isinstance(told, str) else told
        for type_, told in said.happenings.items()
    }
    _check(path, said, columns, happenings)
    return (
        Translation(
            _ours(columns),
            {type_: _ours(told) for type_, told in happenings.items()},
            said.types,
            _ours(said.values),
            _ours(said.defaults),
            {column: frozenset(values) for column, values in said.only.items()},
            said.first_row_opens,
            said.time,
            zone,
        ),
        said.csv,
    )


def _check(path: Path, said: _Written, columns: Table, happenings: Mapping[str, Table]) -> None:
    """Raise BadLine for a name that nothing has, and where nothing tells what happened when."""

    def known(table: str, names: Iterable[str], allowed: Iterable[str]) -> None:
        for name in names:
            if name not in allowed:
                right = "one of " + ", ".join(each for each in sorted(allowed) if each)
                raise bad_file(f"the mapping {path.name}, {table}", f"{name!r} is unknown", right)

    tables: list[tuple[str, Iterable[str]]] = [
        ("columns", columns),
        ("values", said.values),
        ("defaults", said.defaults),
        *((f"happenings.{type_}", told) for type_, told in happenings.items()),
    ]
    for table, names in tables:
        known(table, names, FIELDS)
    known("types", said.types.values(), {"", *HAPPENINGS})
    known("happenings", happenings, HAPPENINGS)
    wrong = None
    if "case" not in columns:
        wrong = "columns.case is missing: which column names the case"
    elif any("occurred_at" not in told for told in happenings.values()):
        wrong = "happenings: each names the column of its instant, occurred_at"
    elif not happenings and not {"type", "occurred_at"} <= columns.keys():
        wrong = "columns.type and columns.occurred_at are missing, or happenings"
    elif not (
        said.first_row_opens or OPENING in {*happenings, *said.types.values()} or not said.types
    ):
        wrong = f"nothing opens a case: name {OPENING} in types or happenings, or first_row_opens"
    if wrong is not None:
        raise bad_file(f"the mapping {path.name}", wrong)


def _ours(named: Mapping[str, Any]) -> dict[str, Any]:
    return {_OURS.get(name, name): each for name, each in named.items()}
