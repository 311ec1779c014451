"""How urgent a ticket is, by what it is about and not by what its subject claims.

Some terms sort by what is down, others by a table of criteria whose highest matching row wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from docket_events.opening import Rank
from docket_events.ticket import Priority
from docket_policies.eligibility.criteria import Criterion, criteria_of
from docket_policies.eligibility.editions import edition_of
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.eligibility.words import holds
from docket_policies.terms.editions import Edition, all_editions, data_of
from docket_policies.terms.values import one_of

_HIGHEST_FIRST = get_args(Priority)


@dataclass(frozen=True, slots=True)
class Emergencies:
    """What makes an emergency: words of a subject, parts of a system, and what does not.

    `priorities` says which priority stands for each rank.
    """

    clause: str
    priorities: Mapping[Rank, Priority]
    down_subjects: tuple[str, ...]
    down_scopes: tuple[str, ...]
    highest_components: tuple[str, ...]
    ignored_marks: tuple[str, ...]
    ignored_scopes: tuple[str, ...]
    at_once: str


def classification(question: Question) -> Mapping[str, Any]:
    """Answer whether a ticket is an emergency and of which rank, or its priority by `criteria`.

    Fields by the terms: subject, component, scope, just_upgraded; or criteria and product. Raises
    Unanswerable.
    """
    edition = edition_of(question)
    emergencies = emergencies_of(edition)
    if emergencies is None:
        return _by_criteria(question, criteria_of(edition).rows)
    answer: dict[str, Any] = {}
    if any(question.says(key) for key in ("subject", "component", "scope")):
        answer |= _by_what_is_down(question, emergencies)
    if question.says("just_upgraded"):
        answer["immediate"] = question.flag("just_upgraded")
        answer.setdefault("clause", emergencies.at_once)
    if not answer:
        raise Unanswerable("field_missing", "give subject, component, scope or just_upgraded")
    return answer


def _by_what_is_down(question: Question, emergencies: Emergencies) -> Mapping[str, Any]:
    subject = question.text("subject", "")
    scope = question.text("scope", "").lower()
    component = question.text("component", "").lower()
    down = scope in emergencies.down_scopes or any(
        holds(subject, words) for words in emergencies.down_subjects
    )
    emergency = down and scope not in emergencies.ignored_scopes
    named = component in emergencies.highest_components or any(
        holds(subject, part) for part in emergencies.highest_components
    )
    marked = any(holds(subject, mark) for mark in emergencies.ignored_marks)
    return {
        "emergency": emergency,
        "rank": ("highest" if named else "emergency") if emergency else "ordinary",
        "emergency_mark_ignored": marked and not emergency,
        "clause": emergencies.clause,
    }


def telling_words(text: str) -> tuple[str, ...]:
    """Return the words of a subject by which any terms classify a ticket, in their order.

    They are the terms' own words and name nobody, so a command may carry them where the subject
    itself stays in the erasable store (H-policy-4).
    """
    known = dict.fromkeys(
        word
        for edition in all_editions()
        if (emergencies := emergencies_of(edition)) is not None
        for word in (
            *emergencies.down_subjects,
            *emergencies.highest_components,
            *emergencies.ignored_marks,
        )
    )
    return tuple(word for word in known if holds(text, word))


def _by_criteria(question: Question, criteria: Mapping[str, Criterion]) -> Mapping[str, Any]:
    named = [str(name) for name in question.items("criteria")] if question.says("criteria") else []
    for name in named:
        if name not in criteria:
            raise Unanswerable("unknown_criterion", f"no criterion {name!r} in these terms")
        row = criteria[name]
        if question.says("product") and not row.fits(question.text("product")):
            raise Unanswerable("criterion_of_another_product", f"{name} is about {row.product}")
    lowest = next(name for name, row in criteria.items() if row.priority == _HIGHEST_FIRST[-1])
    clause = min(named or [lowest], key=lambda name: _HIGHEST_FIRST.index(criteria[name].priority))
    return {"priority": criteria[clause].priority, "clause": clause, "says": criteria[clause].says}


@cache
def emergencies_of(edition: Edition) -> Emergencies | None:
    """Return what makes an emergency under an edition, None when it sorts by criteria."""
    table = data_of(edition, "classification")
    if table is None:
        return None
    upgraded, priorities = table.child("just_upgraded"), table.child("priorities")
    emergencies = Emergencies(
        clause=table.clause(),
        priorities={rank: one_of(priorities, rank, _HIGHEST_FIRST) for rank in get_args(Rank)},
        down_subjects=table.names("down_subjects"),
        down_scopes=table.names("down_scopes"),
        highest_components=table.names("highest_components"),
        ignored_marks=table.names("ignored_marks"),
        ignored_scopes=table.names("ignored_scopes"),
        at_once=upgraded.clause(),
    )
    for row in (table, upgraded):
        row.value("says", str)
        row.done()
    priorities.done()
    return emergencies
