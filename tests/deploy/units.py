"""The units of systemd as data: what each section says, in order, since a name may stand twice."""

import shlex
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools_of_deploy import DEPLOY

FOLDER = DEPLOY / "systemd"
NAMES = ("ticket-api", "sla-clock", "notifier", "migrate")
PREFIX = "/opt/docket"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name without `docket-`, and the values of each directive of [Service]."""

    name: str
    service: Mapping[str, list[str]]

    @property
    def environment(self) -> dict[str, str]:
        """Return what the unit itself sets, `%d` (the folder of its credentials) as it stands."""
        pairs = [pair for line in self.service["Environment"] for pair in shlex.split(line)]
        return dict(pair.split("=", 1) for pair in pairs)

    @property
    def credentials(self) -> dict[str, str]:
        """Return the files that it loads, by the names under which the service finds them."""
        return dict(line.split(":", 1) for line in self.service["LoadCredential"])

    def command(self, prefix: Path) -> list[str]:
        """Return the command line of the unit, for what is installed in another folder."""
        (line,) = self.service["ExecStart"]
        return shlex.split(line.replace(PREFIX, str(prefix)))


def read(name: str) -> Unit:
    """Return a unit of deploy/systemd."""
    section, service = "", defaultdict[str, list[str]](list)
    for line in path_of(name).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and line and not line.startswith("#"):
            directive, _, value = line.partition("=")
            service[directive].append(value)
    return Unit(name, service)


def path_of(name: str) -> Path:
    """Return the file of a unit."""
    return FOLDER / f"docket-{name}.service"
