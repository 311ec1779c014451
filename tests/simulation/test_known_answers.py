"""Every question with a known answer, through the real command, and what the kit would notice."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

sys.path.insert(0, str(ROOT / "conformance"))

from questions import FILES, questions  # noqa: E402 - the kit is a folder of its own, no package


def test_every_known_answer_is_given_by_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "conformance")], capture_output=True, text=True, check=False
    )

    print(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    *files, readings = ran.stdout.splitlines()
    assert files == [
        "scenarios.json: 467/467",
        "histories.json: 199/199",
        "calendar-vectors.json: 150/150",
    ]
    counted = [each.split() for each in readings.removeprefix("readings: ").split(", ")]
    assert {name for name, _ in counted} >= {f"C-{number}" for number in range(55, 71)}
    assert all(held == told for _, share in counted for held, told in [share.split("/")])


def test_the_kit_asks_every_check_there_is() -> None:
    domain = ROOT / "tests" / "data" / "domain"
    scenarios = json.loads((domain / "scenarios.json").read_text())["scenarios"]
    histories = json.loads((domain / "histories.json").read_text())
    vectors = json.loads((domain / "calendar-vectors.json").read_text())

    asked = {file: sum(len(each.expected) for each in questions(file)) for file in FILES}

    assert asked == {
        "scenarios.json": sum(len(scenario["checks"]) for scenario in scenarios),
        "histories.json": sum(len(told["checks"]) for told in histories),
        "calendar-vectors.json": len(vectors),
    }


def test_the_kit_notices_an_answer_that_is_wrong_missing_or_of_another_line() -> None:
    for file in FILES:
        for asked in questions(file):
            wrong = [{"answer": "something else", "error": "wrong"} for _ in asked.expected]

            assert not any(asked.right({"id": asked.line["id"], "answers": wrong}))
            assert not any(asked.right({"id": asked.line["id"], "answers": []}))
            assert not any(asked.right({"id": "another", "answers": wrong}))
            assert len(asked.right({"id": asked.line["id"], "error": "x"})) == len(asked.expected)
