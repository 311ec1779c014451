"""A clock explained: the rows sum up to the answer, and the picture shows what the table says."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from docket_cli.main import app
from docket_policies.clock.response_clock import response_clock
from docket_policies.eligibility.question import Question
from docket_simulation.clauses import clause_of
from docket_simulation.explanation import explain, explained
from docket_simulation.pictures.clock_picture import picture
from docket_simulation.scenarios.scenario import Scenario

PAUSED: dict[str, Any] = {
    "pack": "R",
    "policy": {"product": "VMmanager 6"},
    "events": [
        {"at": "2026-06-11T09:00:00Z", "type": "TicketCreated"},
        {"at": "2026-06-11T09:00:00Z", "type": "RegistrationNoticeSent"},
        {"at": "2026-06-11T09:00:00Z", "type": "PriorityChanged", "data": {"to": "High"}},
        {"at": "2026-06-11T16:00:00Z", "type": "ThirdPartyWaitStarted"},
        {"at": "2026-06-15T11:00:00Z", "type": "ThirdPartyResponseReceived"},
    ],
    "at": "2026-06-18T12:00:00Z",
}


def told(tmp_path: Path, question: object = PAUSED) -> str:
    file = tmp_path / "question.json"
    file.write_text(json.dumps(question))
    return str(file)


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["explain", *arguments], input=stdin)
    return ran.exit_code, ran.output


def test_every_row_says_who_held_the_ticket_and_by_which_clause(tmp_path: Path) -> None:
    code, printed = run(told(tmp_path))

    assert code == 0
    assert "waiting_third_party" in printed
    assert "(a third party)" in printed
    assert "ThirdPartyWaitStarted" in printed
    assert f"R-6.8-b: {clause_of('R-6.8-b').says}" in printed  # type: ignore[union-attr]  # it exists
    assert "7h 00m + 0h 00m + 28h 00m = 35h 00m of 16h 00m, overdue" in printed
    assert "due Tue 2026-06-16 11:00:00Z (R-6.7-HIGH)" in printed


def test_the_rows_of_a_turn_add_up_to_what_its_clock_says() -> None:
    case = Scenario(PAUSED)
    at = case.instant(Question({"at": PAUSED["at"]}))
    side = explain(case.history_until(at), case.terms, at)
    clock = response_clock(case.history, case.terms, at)

    assert sum(row.span.counted_s for row in side.rows) == clock.consumed_s
    assert side.rows[-1].total_s == clock.consumed_s
    assert explained(side)["response_clock"]["deadline"] == clock.deadline


def test_the_picture_has_a_box_for_every_span_and_marks_deadline_and_breach(tmp_path: Path) -> None:
    svg = tmp_path / "clock.svg"

    assert run(told(tmp_path), "--svg", str(svg))[0] == 0
    drawn = ElementTree.parse(svg).getroot()
    classes = [element.get("class", "") for element in drawn.iter()]

    assert [c for c in classes if c.startswith("span ")] == [
        "span running",
        "span waiting_third_party",
        "span running",
    ]
    assert classes.count("deadline") == 1
    assert classes.count("breach") == 1
    assert classes.count("now") == 1
    assert classes.count("event") == len(PAUSED["events"])
    assert classes.count("open") > classes.count("counts") > 0
    words = [element.text or "" for element in drawn.iter() if element.tag.endswith("text")]
    assert sum("R-6.8-b" in line for line in words) == 1
    assert words[-1].startswith("Sum: 7h 00m + 0h 00m + 28h 00m")


def test_what_a_question_says_cannot_break_out_of_the_picture() -> None:
    case = Scenario({**PAUSED, "pack": "R"})
    at = case.instant(Question({"at": PAUSED["at"]}))
    side = explain(case.history, case.terms, at, label="<script>alert(1)</script>&")

    assert "<script>" not in picture([side])
    ElementTree.fromstring(picture([side]))


def test_another_reading_stands_side_by_side(tmp_path: Path) -> None:
    answered_on_sunday = {"at": "2026-06-14T12:00:00Z", "type": "ThirdPartyResponseReceived"}
    question = told(tmp_path, {**PAUSED, "events": [*PAUSED["events"][:-1], answered_on_sunday]})

    code, printed = run(question, "--json", "--compare", "pause=wall_time")
    ours, other = json.loads(printed)

    assert code == 0
    assert ours["label"] == "R-2025-03-27"
    assert other["label"] == "R-2025-03-27 with pause=wall_time"
    assert ours["response_clock"]["deadline"] == "2026-06-15T18:00:00Z"
    assert other["response_clock"]["deadline"] == "2026-06-15T12:00:00Z"
    assert "side by side" in run(question, "--compare", "pause=wall_time")[1]


def test_the_same_revision_against_itself_is_the_same_clock(tmp_path: Path) -> None:
    _, printed = run(told(tmp_path), "--json", "--against", "R-2025-03-27")
    ours, other = json.loads(printed)

    assert ours == other


def test_a_question_comes_from_stdin_and_the_instant_from_the_option() -> None:
    code, printed = run("-", "--json", "--at", "2026-06-11T12:00:00Z", stdin=json.dumps(PAUSED))

    assert code == 0
    assert json.loads(printed)[0]["response_clock"]["consumed_s"] == 3 * 3600


@pytest.mark.parametrize(
    ("question", "options", "says"),
    [
        ({**PAUSED, "pack": "Z"}, (), "no pack 'Z'"),
        ({**PAUSED, "events": [{"at": "2026-06-11T09:00:00Z", "type": "Nothing"}]}, (), "Nothing"),
        (PAUSED, ("--compare", "pause=never"), "pause is read as"),
        (PAUSED, ("--compare", "nothing=1"), "no reading 'nothing'"),
        (PAUSED, ("--against", "R-1999"), "no edition 'R-1999'"),
        (PAUSED, ("--at", "yesterday"), "an instant like"),
        ([], (), "a question is a table"),
    ],
)
def test_what_cannot_be_explained_is_said_in_one_line(
    tmp_path: Path, question: object, options: tuple[str, ...], says: str
) -> None:
    code, printed = run(told(tmp_path, question), *options)

    assert code == 2
    assert says in printed
    assert "Traceback" not in printed


def test_R_6_3_the_sum_of_what_ended_names_no_time_left(tmp_path: Path) -> None:
    merged = {"at": "2026-06-16T09:00:00Z", "type": "MergedInto", "data": {"into": "T1"}}
    question = {**PAUSED, "events": [*PAUSED["events"], merged]}

    code, printed = run(told(tmp_path, question))

    assert code == 0
    assert "closed: no answer is owed any more" in " ".join(printed.split())
    assert "left" not in printed
