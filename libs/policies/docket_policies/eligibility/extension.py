"""Buying more services for a license that has some: one license, one level, one term."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class Rule:
    """The clause by which an extension fits its license, and the code of the refusal."""

    clause: str
    code: str


def purchase_extension(question: Question) -> Mapping[str, Any]:
    """Answer whether an extension fits its license: level, modules, term (I-10.1 to I-10.4).

    Fields: level, license_level, license_until, modules_until, services_until, at. `until` is the
    last day of both from then on.
    """
    rules = _rules(edition_of(question))
    until = question.day("license_until")
    if question.text("level") != question.text("license_level"):
        return _refused(rules["level"])
    if question.says("modules_until") and question.day("modules_until") != until:
        return _refused(rules["modules"])
    if not question.says("services_until"):
        return _allowed(rules["reduced"], until.isoformat())
    services = question.day("services_until")
    if services == until:
        return _allowed(rules["level"], until.isoformat())
    if question.judged_on() > min(services, until):
        return _refused(rules["late"])
    return _allowed(rules["one_term"], max(services, until).isoformat())


def _refused(rule: Rule) -> Mapping[str, Any]:
    return {"allowed": False, "clause": rule.clause, "code": rule.code}


def _allowed(rule: Rule, until: str) -> Mapping[str, Any]:
    return {"allowed": True, "clause": rule.clause, "code": "ok", "until": until}


@cache
def _rules(edition: Edition) -> Mapping[str, Rule]:
    table = needed(edition, "extension")
    rules = {}
    for name in ("level", "modules", "late", "one_term", "reduced"):
        row = table.child(name)
        rules[name] = Rule(row.clause(), row.value("code", str, "ok"))
        row.value("says", str)
        row.done()
    table.done()
    return rules
