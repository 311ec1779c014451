"""What the terms say of an issue at the moment its ticket is opened (C-68, C-69).

The rules are those of the ask `eligibility`. There a question that lacks something is refused; a
ticket is taken, and what could not be judged is said to be unknown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

from docket_events.opening import Support
from docket_policies.eligibility.choice_of_pack import of_its_product
from docket_policies.eligibility.conditions import condition_findings
from docket_policies.eligibility.editions import needed
from docket_policies.eligibility.finding import Finding, Subject
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.eligibility.scope import depends_on_phase, kind_finding, scope_of
from docket_policies.eligibility.systems import system_finding, systems_of
from docket_policies.eligibility.versions import version_finding, versions_of
from docket_policies.terms.editions import Edition
from docket_policies.terms.table import Table
from docket_policies.terms.values import known


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """What is checked when a ticket is opened.

    A rule about one of the subjects that `refuses` names bars the ticket if it says no; the others
    are told on it. What is about one of `needs` must be known for a ticket to be supported. A kind
    of `upgrades` is served whatever the version. `clause` is that of what is unknown.
    """

    clause: str
    says: str
    refuses: tuple[Subject, ...]
    needs: tuple[Subject, ...]
    upgrades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """Whether the terms serve an issue; a `refused` one gets no ticket. `advice` may follow."""

    support: Support
    refused: bool = False
    advice: str | None = None


def served(question: Question, edition: Edition) -> Served:
    """Return whether an issue is supported, as far as the question lets one know.

    Fields as in the ask `eligibility`. Of several rules that say no the first is named, in the
    order of `Subject`. Source: R-3.2, R-3.4, I-8.1, M-sup-1, H-range-1, C-69.
    """
    rules, question = opening_rules(edition), of_its_product(question)
    findings = tuple(_findings(question, edition, rules))
    for finding in findings:
        if not finding.supported:
            why = finding.says if finding.subject == "kind" else f"Not met: {finding.says}"
            support = Support(False, finding.clause, why)
            return Served(support, finding.subject in rules.refuses, finding.more.get("advice"))
    judged = {finding.subject for finding in findings}
    possible = _possible(question, edition, rules)
    missing = [subject for subject in rules.needs if subject in possible - judged]
    if missing or not findings or (possible and not possible & judged):
        unknown = " and ".join(missing or sorted(possible) or ["product"])
        return Served(Support("unknown", rules.clause, f"{rules.says} Not known: {unknown}."))
    return Served(_agreed(findings, edition))


def _agreed(findings: tuple[Finding, ...], edition: Edition) -> Support:
    """Return the support of what no rule refuses: by the last rule, or by that of two together."""
    systems, judged = systems_of(edition), {finding.subject for finding in findings}
    if systems is not None and {"version", "system"} <= judged:
        return Support(True, systems.together, systems.together_says)
    return Support(True, findings[-1].clause, findings[-1].says)


def _findings(question: Question, edition: Edition, rules: OpeningRules) -> Iterator[Finding]:
    yield from condition_findings(question, edition)
    versions, systems, scope = versions_of(edition), systems_of(edition), scope_of(edition)
    kind = question.text("kind", "")
    phase = question.text("phase") if question.says("phase") else None
    if versions is not None and question.says("installed") and kind not in rules.upgrades:
        version = _tried(lambda: version_finding(question, versions))
        if version is not None:
            phase = "up_to_date" if version.supported else "outdated"
            if not depends_on_phase(question, scope):
                yield version
    if systems is not None and question.says("os"):
        system = _tried(lambda: system_finding(question, systems))
        if system is not None:
            yield system
    if scope is not None and kind:
        of_kind = _tried(lambda: kind_finding(question, scope, phase))
        if of_kind is not None:
            yield of_kind


def _tried(rule: Callable[[], Finding | None]) -> Finding | None:
    try:
        return rule()
    except Unanswerable:  # what cannot be judged stays unknown: a ticket is no question
        return None


def _possible(question: Question, edition: Edition, rules: OpeningRules) -> set[Subject]:
    """Return what the terms could judge of an issue of this product."""
    product = question.text("product", "")
    versions, systems = versions_of(edition), systems_of(edition)
    possible: set[Subject] = set()
    upgrade = question.text("kind", "") in rules.upgrades
    if versions is not None and product in versions.windows and not upgrade:
        possible.add("version")
    if systems is not None and product in systems.products:
        possible.add("system")
    if scope_of(edition) is not None:
        possible.add("kind")
    return possible


@cache
def opening_rules(edition: Edition) -> OpeningRules:
    """Return what an edition checks when a ticket is opened; raise Unanswerable or BadPack."""
    table = needed(edition, "opening")
    rules = OpeningRules(
        clause=table.clause(),
        says=table.value("says", str),
        refuses=_subjects(table, "refuses"),
        needs=_subjects(table, "needs"),
        upgrades=table.names("upgrades"),
    )
    table.done()
    return rules


def _subjects(table: Table, key: str) -> tuple[Subject, ...]:
    return tuple(known(table, name, get_args(Subject)) for name in table.names(key))
