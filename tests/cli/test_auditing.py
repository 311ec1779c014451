"""The auditor's commands against a running ticket-api: what they print, and their exit codes."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonpatch
import pytest
from terminal import NUMBERS, Terminal
from typer.testing import CliRunner

from docket_cli.main import app
from docket_devstack import keys
from docket_devstack.addresses import Addresses, write
from docket_devstack.ports import free_port
from docket_devstack.workspace import Workspace
from late_evidence import EXCUSED, LATE_ANSWER, TICKETS, LateEvidence, write_all


def test_show_as_of_and_known_at_gives_the_right_answers(terminal: Terminal) -> None:
    """R-1.14, R-6.9-b, C-09: the same four answers for each ticket as the core and the API give."""
    for name, told in TICKETS.items():
        for (as_of, known_at), right in told.answers.items():
            point = ("--as-of", as_of, "--known-at", known_at)
            answer = terminal.asks("show", NUMBERS[name], *point)
            (close,) = (each for each in answer["rights"]["agent"] if each["verb"] == "close")
            reasons = close["choices"].get("reason", ())
            seen = {
                **answer["response_clock"],
                "waiting_for": answer["ticket"]["waiting_for"],
                "close": "allowed" if "info_not_provided" in reasons else "refused",
            }
            assert {key: seen[key] for key in right} == right, (name, as_of, known_at)


def test_show_prints_state_clock_rights_and_what_it_leaves_out(terminal: Terminal) -> None:
    point = ("--as-of", "2026-06-10T13:00:00Z", "--known-at", "2026-06-12T08:00:00Z")
    printed = terminal.reads("show", NUMBERS["late_information"], *point)

    assert "waiting_user" in printed
    assert "R-2025-03-27" in printed
    assert "provide-information" in printed
    assert "known, but not happened by then: v5 InformationDeadlinePassed" in printed
    assert "not written down by then: v6 InformationProvided by customer ann" in printed


def test_history_marks_what_came_late(terminal: Terminal) -> None:
    printed = terminal.reads("history", NUMBERS["late_answer"])
    events = terminal.asks("history", NUMBERS["late_answer"])

    assert printed.count("(late)") == 1
    assert [each["version"] for each in events] == [1, 2, 3, 4, 5, 6]
    assert terminal.asks("history", events[0]["ticket_id"]) == events


def test_diff_names_the_event_of_every_field(terminal: Terminal) -> None:
    number = NUMBERS["late_information"]
    printed = terminal.reads("diff", number, "4", "6")
    answer = terminal.asks("diff", number, "4", "6")

    assert "/waiting_for" in printed
    assert "v6 InformationProvided by customer ann" in printed
    fields = {each["field"] for each in answer["changes"]}
    assert {"/waiting_for", "/clock/clock_state"} <= fields
    steps = json.loads(terminal.reads("diff", number, "4", "6", "--patch"))
    assert {"op": "replace", "path": "/waiting_for", "value": "provider"} in steps
    assert jsonpatch.JsonPatch(steps)


def test_diff_of_what_was_known_then_and_what_is_known_now(terminal: Terminal) -> None:
    noon = "2026-06-09T17:00:00Z"
    answer = terminal.asks("diff", NUMBERS["late_answer"], noon, noon, "--one-known-at", noon)

    by = {each["field"]: each for each in answer["changes"]}
    assert (by["/clock/overdue"]["before"], by["/clock/overdue"]["after"]) == (True, False)


def test_explain_takes_a_ticket_as_it_takes_a_question(terminal: Terminal, tmp_path: Path) -> None:
    number, svg = NUMBERS["late_information"], tmp_path / "clock.svg"
    printed = terminal.reads("explain", number, "--at", "5", "--svg", str(svg))
    (side,) = terminal.asks("explain", number, "--at", "5")
    shown = terminal.asks("show", number, "--as-of", "5")

    assert side["response_clock"]["deadline"] == shown["response_clock"]["deadline"]
    assert side["response_clock"]["clock_state"] == "waiting_user"
    assert "R-6.9-b" in printed
    assert "v4 InformationRequested by agent ben" in printed
    assert svg.read_text().startswith("<svg")


def test_explain_compares_a_ticket_under_another_reading(terminal: Terminal) -> None:
    sides = terminal.asks("explain", NUMBERS["late_information"], "--compare", "info=resume")

    assert [side["label"] for side in sides] == ["R-2025-03-27", "R-2025-03-27 with info=resume"]
    restarted, resumed = (side["response_clock"]["deadline"] for side in sides)
    assert restarted != resumed


def test_explain_a_field(terminal: Terminal) -> None:
    number = NUMBERS["late_answer"]
    printed = terminal.reads("explain", number, "--field", "clock.clock_state")
    answer = terminal.asks("explain", number, "--field", "clock.clock_state")

    assert "v5 ResponseSent by agent ben" in printed
    assert (answer["value"], answer["event"]["version"]) == ("satisfied", 5)


def test_C_09_breaches_and_pauses_with_both_figures(terminal: Terminal) -> None:
    since = ("--since", "2026-06-01T00:00:00Z")
    breaches = terminal.asks("breaches", *since)
    pauses = terminal.asks("pauses", *since)

    assert breaches["figures"] == {
        "breaches": 3, "told": 1, "standing": 2, "excused": 1, "untold": 2,
    }  # fmt: skip  # the figures of one report
    assert "3 tickets: 3 breaches, 1 told, 2 standing, 1 excused, 2 untold" in terminal.reads(
        "breaches", *since
    )
    assert [each["who"] for each in pauses["by_agent"]] == ["agent:ben"]
    assert "agent:ben" in terminal.reads("pauses", *since)


def test_R_7_2_an_excuse_is_told_with_its_reason_and_who_answers_for_it(
    terminal: Terminal, database: Any
) -> None:
    asyncio.run(write_all(database.url(), {"1009": EXCUSED}))

    report, reasons = terminal.reads("breaches"), terminal.reads("explain", "1009")

    for printed in (report, reasons):
        words = " ".join(printed.split())
        assert "BreachExcused" in words
        assert "(agent olga)" in words
    assert "breaches: 1, of them standing: 0" in reasons


def test_tail_prints_the_last_events_or_those_behind_a_place(terminal: Terminal) -> None:
    lines = terminal.reads("tail", "-n", "2").splitlines()
    types = [json.loads(line)["type"] for line in terminal.reads("tail", "--json").splitlines()]
    withdrawn = terminal.reads("tail", "--from", "0", "--type", "BreachWithdrawn")

    assert ["InformationProvided" in line for line in lines] == [False, True]
    assert len(types) == sum(len(told.story) for told in TICKETS.values())
    assert len(withdrawn.splitlines()) == 1
    assert terminal.reads("tail", "-n", "0") == ""


def test_tail_follows_the_log_until_it_is_interrupted(terminal: Terminal, database: Any) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "docket_cli", "tail", "-f", "-n", "1", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        # a shell that starts the tests in the background lets them ignore it
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as following:
        assert following.stdout is not None
        last = json.loads(following.stdout.readline())
        told = LateEvidence(LATE_ANSWER.story[:1], {})
        asyncio.run(write_all(database.url(), {"2000": told}))
        written = json.loads(following.stdout.readline())
        following.send_signal(signal.SIGINT)

    assert (written["position"], written["type"]) == (last["position"] + 1, "TicketCreated")
    assert following.returncode == 0


class TestOfARunningCheckout:
    """`docket up` keeps where its services answer; who works there types no secret (0014)."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Workspace:
        return Workspace(tmp_path / "local")

    @pytest.fixture
    def public_keys(self, place: Workspace) -> Path:
        return keys.public_keys(place.keys)

    def test_an_auditors_token_is_made_for_the_occasion(
        self, api: str, place: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(place, Addresses(api, "", "", "", "", "", "", "system"))
        monkeypatch.setattr("docket_devstack.workspace.workspace", lambda: place)

        events = Terminal().asks("history", NUMBERS["late_answer"])

        assert len(events) == len(LATE_ANSWER.story)


def test_timers_of_nobody_are_said_to_be_none(terminal: Terminal) -> None:
    answer = terminal.asks("timers", "--due-before", "2026-07-01T00:00:00Z")

    assert answer == {"items": [], "total": 0}
    assert "no timer is armed that fits" in terminal.reads("timers")


def test_exit_codes_say_what_went_wrong(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = NUMBERS["late_answer"]
    for words, code in (
        (("show", number, "--as-of", "yesterday"), 2),
        (("explain", number, "--field", "colour"), 5),
        (("explain", number, "--at", "2099-01-01T00:00:00Z"), 2),
        (("explain", number, "--compare", "info=never"), 2),
        (("tail", "--from", "x"), 2),
        (("show", "4711"), 5),
        (("show", "00000000-0000-7000-8000-000000000000"), 5),
        (("show", number, "--as-of", "99"), 5),
    ):
        done = terminal.types(*words)
        assert (done.exit_code, "Traceback" in done.output) == (code, False), words
    monkeypatch.setenv("DOCKET_API_URL", f"http://127.0.0.1:{free_port()}")
    assert terminal.types("history", number).exit_code == 3


def test_who_may_not_ask_is_told_so(as_: Callable[[str], Terminal]) -> None:
    customer = as_("customer")

    assert customer.types("tail").exit_code == 4
    assert customer.types("show", NUMBERS["late_answer"]).exit_code == 0


@pytest.mark.parametrize(
    "command", ["history", "show", "diff", "explain", "tail", "timers", "pauses", "breaches"]
)
def test_help_has_an_example_and_the_exit_codes(command: str) -> None:
    printed = CliRunner().invoke(app, [command, "--help"]).output

    assert f"docket {command}" in printed
    assert "Exit codes: 0" in printed


def test_a_wrong_door_is_said_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_API_URL", "http://127.0.0.1:9")
    done = CliRunner().invoke(app, ["tail"])

    assert done.exit_code == 1
    assert "set DOCKET_TOKEN" in done.output
