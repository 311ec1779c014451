"""Every clause of the four terms: its id, what it says in our words, and its implementation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from docket_policies.terms.editions import pack_ids
from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import Table


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a pack.

    A clause that neither code nor data names says why: `see` is the clause that covers it, `at` the
    file that implements it and `test` the test, `without` the reason why it has no effect in
    software.
    """

    id: str
    pack: str
    kind: str
    says: str
    see: str | None = None
    at: str | None = None
    test: str | None = None
    without: str | None = None


def clause_of(clause_id: str) -> Clause | None:
    """Return a clause by its id, None when there is no such."""
    return all_clauses().get(clause_id)


@cache
def all_clauses() -> Mapping[str, Clause]:
    """Return the clauses of every pack in the order of their sources; raise BadPack."""
    reasons = _table("no_effect")
    clauses: dict[str, Clause] = {}
    for pack in pack_ids():
        table = _table(pack)
        for clause_id in table:
            clause = _clause(clause_id, pack, table.child(clause_id), reasons)
            clauses[clause_id] = clause
    for clause in clauses.values():
        if clause.see is not None and clause.see not in clauses:
            raise reasons.bad(clause.id, f"see {clause.see!r}: there is no such clause")
    return clauses


def _clause(clause_id: str, pack: str, row: Table, reasons: Table) -> Clause:
    without = row.value("without", str, "") or None
    clause = Clause(
        id=clause_id,
        pack=pack,
        kind=row.value("kind", str),
        says=row.value("says", str),
        see=row.value("see", str, "") or None,
        at=row.value("at", str, "") or None,
        test=row.value("test", str, "") or None,
        without=None if without is None else reasons.value(without, str),
    )
    row.done()
    return clause


def _table(name: str) -> Table:
    entry = files(__name__) / f"{name}.toml"
    return parse(entry.read_text(encoding="utf-8"), f"clauses/{name}.toml")
