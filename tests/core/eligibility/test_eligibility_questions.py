"""Questions that cannot be answered say which field is wrong and what to give instead."""

import json
from typing import Any

import pytest
from given import SCENARIOS, question

from docket_policies.eligibility.asks import ASKS, COMMANDS
from docket_policies.eligibility.question import Unanswerable


@pytest.mark.parametrize(
    ("ask", "asked", "code", "said"),
    [
        ("eligibility", {}, "field_missing", "pack"),
        ("eligibility", {"pack": "Z"}, "unknown_pack", "regulations (R)"),
        ("eligibility", {"pack": "R", "revision": "R-1999"}, "unknown_revision", "R-2025-03-27"),
        ("eligibility", {"pack": "R", "kind": "juggling"}, "unknown_kind", "juggling"),
        (
            "eligibility",
            {"pack": "R", "product": "VMmanager 6", "installed": "6", "ticket_date": "2026-06-10"},
            "field_missing",
            "releases",
        ),
        (
            "eligibility",
            {"pack": "R", "product": "VMmanager 6", "installed": "6", "releases": []},
            "field_missing",
            "ticket_date",
        ),
        ("eligibility", {"pack": "H", "installed": "two"}, "field_wrong", "'two'"),
        (
            "eligibility",
            {"pack": "R", "license_until": "tomorrow", "ticket_date": "2026-06-10"},
            "field_wrong",
            "license_until",
        ),
        ("eligibility", {"pack": "I", "kind": "bug_fix"}, "field_missing", "phase"),
        ("eligibility", {"pack": "I", "phase": "old", "kind": "bug_fix"}, "field_wrong", "phase"),
        (
            "eligibility",
            {"pack": "M", "os": "Debian 10", "edition": "Giant"},
            "unknown_edition",
            "Giant",
        ),
        ("pack", {"product": "VMmanager 6", "direct": "yes"}, "field_wrong", "true or false"),
        ("pack", {"product": "VMmanager 6", "level": "Gold"}, "field_wrong", "Standard, Privilege"),
        ("support_window", {"pack": "M", "at": "2021-06-25"}, "not_in_pack", "plans"),
        (
            "support_window",
            {"pack": "H", "at": "2005-03-01T12:00:00"},
            "field_wrong",
            "with its zone",
        ),
        ("support_window", {"pack": "H", "plan": "gold", "at": "2005-03-01"}, "unknown_plan", ""),
        (
            "service_months_to_buy",
            {"pack": "I", "period": ["2026-03-10", "2026-03-09"]},
            "field_wrong",
            "the later one second",
        ),
        ("service_months_to_buy", {"pack": "R", "period": ["2026-03-10"]}, "field_wrong", "two"),
        (
            "service_months_to_buy",
            {"pack": "R", "period": ["2026-03-10", "2026-03-11"]},
            "not_in_pack",
            "service_periods",
        ),
        ("standard_term_months", {"pack": "I", "remaining": -1}, "field_wrong", "from 0"),
        ("edition_allows", {"pack": "M", "edition": "Lite"}, "field_missing", "domains"),
        ("queue", {"pack": "H", "tickets": "all"}, "field_wrong", "a list"),
        ("queue", {"pack": "H", "tickets": ["a"]}, "field_wrong", "a list of tables"),
    ],
)
def test_a_question_without_an_answer_is_refused_by_name(
    ask: str, asked: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(Unanswerable) as refused:
        ASKS[ask](asked)
    assert refused.value.code == code
    assert said in refused.value.detail


def test_an_edition_cannot_take_effect_before_it_is_published() -> None:
    asked = {"pack": "R", "published_at": "2026-05-01", "effective_from": "2026-04-30"}
    with pytest.raises(Unanswerable, match="before the publication"):
        COMMANDS["publish_revision"](asked)


def test_every_answer_is_plain_and_can_be_written_as_json() -> None:
    written = 0
    for scenario_id, scenario in SCENARIOS.items():
        for number, check in enumerate(scenario["checks"]):
            if check["ask"] in ASKS:
                answer = ASKS[check["ask"]](question(scenario_id, number))
                assert json.loads(json.dumps(answer)) == answer
                written += 1
    assert written > 90
