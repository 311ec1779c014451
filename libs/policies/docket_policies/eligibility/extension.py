"""Buying services for a license that has some already: one license, one level, one term."""

from collections.abc import Mapping
from typing import Any

from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question
from docket_policies.table import Table


def purchase_extension(question: Question) -> Mapping[str, Any]:
    """Answer whether an extension fits its license: level, modules, term (I-10.1 to I-10.4).

    Fields: level, license_level, license_until, modules_until, services_until, at.
    """
    table = needed(edition_of(question), "extension")
    until = question.day("license_until")
    if question.text("level") != question.text("license_level"):
        return _no(table, "level")
    if question.says("modules_until") and question.day("modules_until") != until:
        return _no(table, "modules")
    if not question.says("services_until"):
        reduced = table.child("reduced").clause()
        return {"allowed": True, "clause": reduced, "code": "ok", "until": until.isoformat()}
    services = question.day("services_until")
    if services == until:
        return {"allowed": True, "clause": table.child("level").clause(), "code": "ok"}
    if question.judged_on() > min(services, until):
        return _no(table, "late")
    clause, longest = table.child("one_term").clause(), max(services, until)
    return {"allowed": True, "clause": clause, "code": "ok", "until": longest.isoformat()}


def _no(table: Table, name: str) -> Mapping[str, Any]:
    row = table.child(name)
    return {"allowed": False, "clause": row.clause(), "code": row.value("code", str)}
