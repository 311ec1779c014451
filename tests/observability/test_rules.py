"""The alert rules: each is sound, says what to do, fires when it should and not one step before."""

from pathlib import Path

import pytest
import yaml
from alerting import RULES, UNIT_TESTS, Promtool, rules

HOUSE = Path(__file__).resolve().parents[2]


def test_the_rules_are_sound(promtool: Promtool) -> None:
    said = promtool.run("check", "rules", str(RULES))
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"SUCCESS: {len(rules())} rules found" in said.stdout


def test_the_rules_do_what_their_unit_tests_say(promtool: Promtool) -> None:
    said = promtool.run("test", "rules", str(UNIT_TESTS))
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_scrape_configuration_is_sound(promtool: Promtool) -> None:
    said = promtool.run("check", "config", str(RULES.with_name("prometheus.yml")))
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_says_how_bad_it_is_for_how_long_and_what_to_do(rule) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["for"]
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"].endswith(".")
    page = HOUSE / rule["annotations"]["runbook_url"]
    text = page.read_text("utf-8")
    assert page.stem == rule["alert"]
    assert text.startswith(f"# {rule['alert']}\n\nSeverity {rule['labels']['severity']}")
    parts = ("What it means", "How to see it", "What to do", "How it ends")
    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == [
        *parts
    ]


def test_each_rule_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    cases = yaml.safe_load(UNIT_TESTS.read_text("utf-8"))["tests"]
    asked = [
        (each["alertname"], bool(each["exp_alerts"]))
        for c in cases
        for each in c["alert_rule_test"]
    ]
    names = [rule["alert"] for rule in rules()]
    assert sorted(asked) == sorted((name, fires) for name in names for fires in (True, False))


def test_there_is_a_page_for_each_rule_and_for_nothing_else() -> None:
    folder = HOUSE / "docs" / "operating" / "incidents"
    index = (folder / "README.md").read_text("utf-8")
    names = [rule["alert"] for rule in rules()]
    assert {page.stem for page in folder.glob("*.md")} == {*names, "README"}
    assert [
        line.split("]")[0][3:] for line in index.splitlines() if line.startswith("| [")
    ] == names
