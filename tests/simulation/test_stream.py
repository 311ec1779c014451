"""The command as a process: a line in, a line out, whatever the line says, at a steady size."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from asking import answers, event, line

SIMULATE = [sys.executable, "-m", "docket_cli", "simulate"]
SHORT, LONG = 2_000, 10_000
GROWTH_MIB = 3

BAD = [
    b"no json at all",
    b"[1, 2",
    b"null",
    b'"text"',
    b"[]",
    b"{}",
    b'{"id": "x"}',
    b'{"id": "x", "asks": 3}',
    b'{"id": {"deep": 1}, "asks": []}',
    b"\xff\xfe",
    b'{"id": "\\ud800", "asks": []}',
    b"[" * 3000 + b"]" * 3000,
]


@contextmanager
def simulate() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SIMULATE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def ask(process: subprocess.Popen[bytes], said: bytes) -> dict[str, object]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(said + b"\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    assert isinstance(told, dict)
    return told


def test_a_bad_line_has_an_error_and_the_next_one_its_answer() -> None:
    good = json.dumps(line({"ask": "response_clock"})).encode()
    with simulate() as process:
        for bad in BAD:
            assert ask(process, bad)["error"] == "malformed", bad
            assert "error" not in ask(process, good)


def test_an_answer_comes_before_the_next_question() -> None:
    with simulate() as process:
        first = ask(process, json.dumps(line({"ask": "state"}, id="first")).encode())

    assert first["id"] == "first"


@pytest.mark.parametrize("lines", [SHORT, pytest.param(LONG, marks=pytest.mark.full)])
def test_thousands_of_lines_stream_through_in_flat_memory(lines: int) -> None:
    asked = event("2026-06-08T10:00:00Z", "InformationRequested")
    calendars = [
        {"timezone": "Europe/Berlin", "hours": {"mon": [["09:00", f"{hour}:00"]]}}
        for hour in range(10, 24)
    ]
    with simulate() as process:
        watched = psutil.Process(process.pid)
        sizes = []
        for number in range(lines):
            add = {
                "ask": "working_time_add",
                "calendar": calendars[number % len(calendars)],
                "start": "2026-06-08T09:00:00Z",
                "amount_seconds": number,
            }
            question = line({"ask": "response_clock"}, add, events=(asked,), id=number)
            told = ask(process, json.dumps(question).encode())
            assert told["id"] == number
            if number % (lines // 10) == lines // 20:
                sizes.append(watched.memory_info().rss / 2**20)

    assert max(sizes[1:]) - sizes[0] < GROWTH_MIB, sizes


@pytest.mark.parametrize(
    ("calendar", "says"),
    [
        ({"hours": {}}, "never open"),
        ({"hours": {"mon": [["09:00", "09:00"]]}}, "start before it ends"),
        ({"hours": {"mon": [["09:00", "18:00"], ["17:00", "19:00"]]}}, "overlap"),
        ({"hours": {"mon": [[f"{h:02}:00", f"{h:02}:30"] for h in range(13)]}}, "at most 12"),
        ({"hours": {"mon": [["09:00", "18:00"]]}, "holidays": "all"}, "a list of dates"),
        ({"hours": {"mon": [["09:00", "18:00"]]}, "holiday": []}, "unknown holiday"),
        ({"hours": {"mon": [["09:00", "18:00"]]}, "timezone": "Mars"}, "timezone"),
    ],
)
def test_a_calendar_that_gives_no_or_two_answers_is_refused(
    calendar: dict[str, object], says: str
) -> None:
    add = {"ask": "working_time_add", "calendar": calendar, "start": "2026-06-08T09:00:00Z"}
    (told,) = answers(line({**add, "amount_seconds": 60}))

    assert told["error"] == "calendar_wrong"
    assert says in told["detail"]


def test_a_calendar_may_be_one_of_ours_by_name() -> None:
    between = {"ask": "working_time_between", "start": "2026-06-12T17:00:00Z"}
    (ours, unknown) = answers(
        line(
            {**between, "calendar": "R_BH", "end": "2026-06-15T10:00:00Z"},
            {**between, "calendar": "R_XX", "end": "2026-06-15T10:00:00Z"},
        )
    )

    assert ours == {"answer": 2 * 3600}
    assert unknown["error"] == "unknown_calendar"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"amount_seconds": 1.5}, "field_wrong"),
        ({"amount_seconds": True}, "field_wrong"),
        ({"start": "2026-06-08"}, None),
        ({"start": "0001-01-01T00:00:00Z"}, "out_of_range"),
        (
            {"amount_seconds": -60, "pauses": [["2026-06-08T09:00:00Z", "2026-06-08T10:00:00Z"]]},
            None,
        ),
        ({"pauses": [["2026-06-08T09:00:00Z"]]}, "field_wrong"),
        ({"calendar": 3}, "field_wrong"),
    ],
)
def test_what_a_calendar_is_asked_must_make_sense(
    said: dict[str, object], error: str | None
) -> None:
    add = {"ask": "working_time_add", "calendar": "R_BH", "start": "2026-06-08T09:00:00Z"}
    (told,) = answers(line({**add, "amount_seconds": 60, **said}))

    assert told.get("error") == error
