"""Conditions on a license and an installation: end dates, end of life, foreign changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, assert_never, get_args

from docket_policies.eligibility.finding import Finding
from docket_policies.eligibility.question import Question
from docket_policies.terms.editions import Edition, data_of

Rule = Literal["last_day", "first_day_without", "must_be_true", "must_not_be", "never"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule about one field of the question, for some products or for all (none named).

    `last_day`: the field is the last day of support. `first_day_without`: the day after it.
    `must_be_true`: a fact that must hold. `must_not_be`: a value that excludes. `never`: the
    product is not supported at all. `needed`: a question that does not name the field fails it.
    """

    field: str
    rule: Rule
    clause: str
    refusal: str
    products: tuple[str, ...]
    value: str | None
    more: Mapping[str, Any]
    says: str
    needed: bool = False


def condition_findings(question: Question, edition: Edition) -> Iterator[Finding]:
    """Yield the finding of each condition that the question concerns."""
    for condition in conditions_of(edition):
        if condition.products and question.text("product", "") not in condition.products:
            continue
        named = question.says(condition.field)
        if named or condition.needed:
            met = named and _met(condition, question)
            clause = condition.clause if met else condition.refusal
            yield Finding(met, clause, condition.more if met else {}, says=condition.says)


def _met(condition: Condition, question: Question) -> bool:
    match condition.rule:
        case "last_day":
            return question.judged_on() <= question.day(condition.field)
        case "first_day_without":
            return question.judged_on() < question.day(condition.field)
        case "must_be_true":
            return question.flag(condition.field)
        case "must_not_be":
            return question.text(condition.field) != condition.value
        case "never":
            return False
        case _:
            assert_never(condition.rule)


@cache
def conditions_of(edition: Edition) -> tuple[Condition, ...]:
    """Return the conditions of an edition in order; raise BadPack."""
    table = data_of(edition, "conditions")
    if table is None:
        return ()
    conditions = []
    for row in table.rows("conditions"):
        named = row.value("rule", str)
        rule = next((known for known in get_args(Rule) if known == named), None)
        if rule is None:
            raise row.bad("rule", f"write one of {', '.join(get_args(Rule))}")
        clause, more = row.clause(), row.maybe("more")
        conditions.append(
            Condition(
                field=row.value("field", str),
                rule=rule,
                clause=clause,
                refusal=row.value("refusal", str, clause),
                products=row.names("products"),
                value=row.value("value", str, "") or None,
                more={key: more.value(key, str) for key in more} if more else {},
                says=row.value("says", str),
                needed=row.value("needed", bool, False),
            )
        )
        row.done()
    table.done()
    return tuple(conditions)
