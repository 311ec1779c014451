"""What support does and does not do: kinds of issue, by product and by the age of the version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_policies.eligibility.finding import Finding
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import Edition, data_of
from docket_policies.terms.table import Table


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of issue: inside or outside of support, and for whom.

    `products` are the ones it is about, none for all; `plans` include it without extra payment;
    `registered` needs a registered customer; `unless` names a field of the question that, when
    true, makes it supported.
    """

    supported: bool
    clause: str
    says: str
    products: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    registered: bool = False
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The kinds of an edition; `phases` has those that depend on the age of the version."""

    kinds: Mapping[str, Kind]
    phases: Mapping[str, Mapping[str, Kind]]


def kind_finding(question: Question, scope: Scope, phase: str | None) -> Finding:
    """Return whether a kind of issue is inside the scope; raise Unanswerable.

    `phase` is `up_to_date` or `outdated`, None when nothing was said about the version.
    """
    name = question.text("kind")
    aged = {phase: kinds[name] for phase, kinds in scope.phases.items() if name in kinds}
    if aged:
        if phase is None:
            raise Unanswerable("field_missing", "phase: say the installed version, or its phase")
        return _finding(aged[phase], aged[phase].supported, {"phase": phase})
    if name not in scope.kinds:
        raise Unanswerable("unknown_kind", f"no kind {name!r} of issue in these terms")
    kind = scope.kinds[name]
    more: dict[str, object] = {}
    if kind.products and question.text("product", kind.products[0]) not in kind.products:
        return _finding(kind, False, {"products": list(kind.products)})
    if kind.registered and not question.flag("registered"):
        return _finding(kind, False, {"advice": "register first"})
    if kind.supported and question.says("plan"):
        more["included"] = question.text("plan") in kind.plans
    if kind.unless is not None and question.says(kind.unless):
        return _finding(kind, kind.supported or question.flag(kind.unless), more)
    return _finding(kind, kind.supported, more)


def _finding(kind: Kind, supported: bool, more: Mapping[str, Any]) -> Finding:
    return Finding(supported, kind.clause, more, "kind", kind.says)


def depends_on_phase(question: Question, scope: Scope | None) -> bool:
    """Return whether the answer about the question's kind depends on the age of the version."""
    if scope is None or not question.says("kind"):
        return False
    return any(question.text("kind") in kinds for kinds in scope.phases.values())


@cache
def scope_of(edition: Edition) -> Scope | None:
    """Return the scope of an edition, None when it sets none; raise BadPack."""
    table = data_of(edition, "scope")
    return None if table is None else read_scope(table)


def read_scope(table: Table) -> Scope:
    """Build a scope from its data; raise BadPack with file, key and what to do."""
    kinds = {name: _kind(row, True) for name, row in table.children("inside")}
    for name, row in table.children("outside"):
        if name in kinds:
            raise row.bad("clause", "stands inside as well: a kind is inside or outside")
        kinds[name] = _kind(row, False)
    phases = table.maybe("phases")
    ages = {
        age: {name: _kind(row, row.value("supported", bool)) for name, row in phases.children(age)}
        for age in phases or ()
        if phases is not None
    }
    table.done()
    return Scope(kinds, ages)


def _kind(row: Table, supported: bool) -> Kind:
    kind = Kind(
        supported=supported,
        clause=row.clause(),
        says=row.value("says", str),
        products=row.names("products"),
        plans=row.names("plans"),
        registered=row.value("registered", bool, False),
        unless=row.value("unless", str, "") or None,
    )
    row.done()
    return kind
