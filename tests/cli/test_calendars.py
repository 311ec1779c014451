"""`docket calendars`: what the dated data lasts until, and what runs out soon (C-13)."""

import json

from typer.testing import CliRunner

from docket_cli.main import app
from docket_runtime.clock import wall_clock


def test_every_calendar_says_until_when_its_holidays_are_known() -> None:
    answer = CliRunner().invoke(app, ["calendars", "--within", "0", "--json"])

    said = json.loads(answer.output)
    assert said["last_year"]["R_BH"] == 2030
    assert said["last_year"]["ALWAYS"] is None


def test_what_runs_out_soon_is_named_and_gives_exit_code_1() -> None:
    years = 2031 - wall_clock().year

    answer = CliRunner().invoke(app, ["calendars", "--within", str(years), "--json"])

    assert answer.exit_code == 1
    assert "R_BH" in json.loads(answer.output)["runs_out"]
    assert "ALWAYS" not in json.loads(answer.output)["runs_out"]
