"""`docket terms`: a pack from its first line to the page that customers read."""

import json
import shlex
from pathlib import Path
from re import MULTILINE, findall

import pytest
from typer.testing import CliRunner

from docket_cli.main import app

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(each.name for each in (ROOT / "examples" / "terms").iterdir())


def run(*words: str, expect: int = 0) -> str:
    answer = CliRunner().invoke(app, ["terms", *words])
    assert answer.exit_code == expect, answer.output
    return answer.output


@pytest.fixture
def at_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the examples lie as in a checkout."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_passes_its_check_and_its_cases(name: str) -> None:
    folder = str(ROOT / "examples" / "terms" / name)

    assert json.loads(run("check", folder, "--json")) == {"ok": True, "faults": []}
    told = json.loads(run("test", folder, "--json"))
    assert told["cases"] == told["right"] > 10


def test_the_commands_of_the_guide_run_as_they_stand_there(at_the_root: Path) -> None:
    guide = (ROOT / "docs" / "writing-terms.md").read_text().replace("\\\n", " ")
    commands = findall(r"^    docket terms (.*)$", guide, MULTILINE)

    assert len(commands) >= 6
    for command in commands:
        assert run(*shlex.split(command))
    assert (at_the_root / "my-terms" / "pack.toml").exists()


def test_a_wrong_answer_is_told_with_what_was_expected(at_the_root: Path) -> None:
    run("new", "mine", "--title", "T", "--severities", "S1", "--times", "1 h", "--timezone", "UTC")
    cases = at_the_root / "mine" / "cases.json"
    cases.write_text(cases.read_text().replace("running", "met"))

    assert "expected 'met', got 'running'" in run("test", "mine", expect=1)


def test_a_broken_pack_is_refused_by_every_command(at_the_root: Path) -> None:
    run("new", "mine", "--title", "T", "--severities", "S1", "--times", "1 h", "--timezone", "UTC")
    pack = at_the_root / "mine" / "pack.toml"
    pack.write_text(pack.read_text().replace('in = "office"', 'in = "offce"'))

    told = run("check", "mine", expect=1)
    assert "clocks.first_response.targets[1].in" in told
    assert "did you mean 'office'?" in told
    for command in (["test", "mine"], ["docs", "mine"], ["diff", "mine", "mine"]):
        run(*command, expect=1)


def test_a_clause_without_a_case_is_told(at_the_root: Path) -> None:
    run("new", "mine", "--title", "T", "--severities", "S1", "--times", "1 h", "--timezone", "UTC")
    (at_the_root / "mine" / "cases.json").unlink()

    assert "clauses.A-1: no case shows it" in run("check", "mine", expect=1)


def test_two_editions_differ_in_words_and_in_cases(at_the_root: Path) -> None:
    for name, time in (("one", "1 h"), ("two", "2 h")):
        run("new", name, "--title", "T", "--severities", "S1", "--times", time, "--timezone", "UTC")
        case = at_the_root / name / "cases.json"
        case.write_text(
            case.read_text().replace('"state": "running"', '"due_at": "2027-01-04T11:00:00Z"')
        )

    told = json.loads(run("diff", "one", "two", "--json"))

    assert told["changes"] == [
        "clock first_response: S1: 2 h in office, was 1 h in office",
    ]
    assert [case["id"] for case in told["cases"]] == ["A-c01"]


def test_a_case_is_explained_line_by_line_with_its_clause() -> None:
    told = run("explain", str(ROOT / "examples/terms/update-cadence"), "GP-c06")

    assert "update: is met after 12000 s that counted, 8400 s late [GP-1]" in told


def test_the_page_of_a_pack_shows_every_clause() -> None:
    page = run("docs", str(ROOT / "examples/terms/quarterly-attainment"))

    assert "| priority 2 | 4 h | office | SA-2 |" in page
    assert "95 % in time" in page
    assert all(f"**SA-{n}**" in page for n in range(1, 14))


@pytest.mark.parametrize("command", ["new", "check", "test", "explain", "diff", "docs"])
def test_each_command_has_an_example(command: str) -> None:
    assert "Example: docket terms" in " ".join(run(command, "--help").split())


@pytest.mark.parametrize(
    "words",
    [("check",), ("test",), ("docs",), ("explain", "A-c01"), ("diff", "mine")],
    ids=lambda words: words[0],
)
def test_nothing_that_an_author_wrote_obeys_at_a_terminal(
    at_the_root: Path, words: tuple[str, ...]
) -> None:
    run("new", "mine", "--title", "T", "--severities", "S1", "--times", "1 h", "--timezone", "UTC")
    pack, cases = at_the_root / "mine" / "pack.toml", at_the_root / "mine" / "cases.json"
    pack.write_text(pack.read_text().replace('"T"', r'"\u001b]0;mine\u0007\u202e"'))
    cases.write_text(cases.read_text().replace("does its clock run?", r"\u001b[2J\u009b"))

    told = run(words[0], "mine", *words[1:])

    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & {*told}
