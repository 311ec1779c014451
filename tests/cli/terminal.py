"""Somebody at a terminal, and the numbers of the tickets they ask for."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from docket_cli.main import app
from late_evidence import TICKETS

NUMBERS = {name: str(1001 + n) for n, name in enumerate(TICKETS)}


class Terminal:
    """Somebody who types `docket` commands."""

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    def reads(self, *words: str) -> str:
        done = self.types(*words)
        assert done.exit_code == 0, done.output
        return done.output

    def asks(self, *words: str) -> Any:
        return json.loads(self.reads(*words, "--json"))
