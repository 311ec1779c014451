"""What a line of the log has of a fault: where it was, and no value of a variable."""

import json
import subprocess
import sys

import pytest

FAULT = """
import asyncio, structlog
{configured}
def ask(url):
    raise ValueError("no answer")
try:
    ask("postgresql://u:" + "hush" * 2 + "@h/d")
except ValueError:
    structlog.get_logger().exception("asked\\x1b[2J")
"""
PROCESSES = {
    "a service": "from docket_runtime.process import logs; logs.configure('x')",
    "a command": "from docket_cli.main import app; from typer.main import get_command;"
    " get_command(app).get_command(None, 'verify')",
}


@pytest.mark.parametrize("configured", PROCESSES.values(), ids=PROCESSES)
def test_a_traceback_has_no_values_and_nothing_that_a_terminal_obeys(configured: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FAULT.format(configured=configured)],
        capture_output=True,
        text=True,
        check=True,
    )

    (line,) = (ran.stdout + ran.stderr).splitlines()
    assert "hush" not in line
    assert "\x1b" not in line
    said = json.loads(line)
    assert "in ask" in said["exception"]
    assert said["exception"].endswith("ValueError: no answer")


def test_what_a_command_answers_on_stdout_has_no_line_of_the_log() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FAULT.format(configured=PROCESSES["a command"])],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout == ""
