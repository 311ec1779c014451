"""`python -m benchmarks [subject ...] [--quick]`: run the subjects and keep what they measured."""

import os
import platform
import shlex
import sys
from datetime import datetime
from importlib import import_module
from typing import Annotated, Any

import msgspec
import psutil
import typer
from rich.console import Console
from rich.table import Table

from benchmarks import servers
from benchmarks.figures import FULL, QUICK, Figure, Subject
from docket_cli.local import postgres
from docket_cli.local.place import PROJECT
from docket_cli.local.processes import run
from docket_runtime.clock import wall_clock

MODULES = {
    "append": "benchmarks.append",
    "http": "benchmarks.http",
    "relay": "benchmarks.relay",
    "read": "benchmarks.reading",
    "import": "benchmarks.imports",
    "memory": "benchmarks.memory",
}
RESULTS = PROJECT / "bench-results"


def main(
    subjects: Annotated[
        list[str] | None, typer.Argument(help=f"Some of: {', '.join(MODULES)}. All if none.")
    ] = None,
    quick: Annotated[bool, typer.Option(help="Fewer rounds of less work, to try it out.")] = False,
) -> None:
    """Measure ours against the floors in the same run, on private servers.

    Prints a table and writes bench-results/<instant>.json. Ends with 1 where a goal is missed.

    Example: python -m benchmarks append http --quick
    """
    chosen = subjects or list(MODULES)
    unknown = [name for name in chosen if name not in MODULES]
    if unknown:
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}; known: {', '.join(MODULES)}")
    console = Console(width=max(Console().width, 120))
    effort = QUICK if quick else FULL
    measured: list[Subject] = []
    began = wall_clock()
    with servers.private() as private:
        for name in chosen:
            console.print(f"measuring {name} ...", style="dim")
            measured.append(import_module(MODULES[name]).run(private, effort))
    _keep(measured, began, quick=quick)
    console.print(_table(measured))
    console.print(f"{_command()}\n{_machine()}", style="dim", highlight=False)
    if any(figure.met is False for subject in measured for figure in subject.figures):
        raise typer.Exit(1)


def _table(measured: list[Subject]) -> Table:
    table = Table("subject", "measured", "median", "low to high", "against", "ratio", "goal")
    for subject in measured:
        for n, figure in enumerate(subject.figures):
            last = n == len(subject.figures) - 1
            table.add_row(subject.name if n == 0 else "", *_cells(figure), end_section=last)
    return table


def _cells(figure: Figure) -> tuple[str, ...]:
    goal = ""
    if figure.goal is not None:
        sign = "at most" if figure.at_most else "at least"
        goal = f"{sign} {figure.goal:g} {'met' if figure.met else 'MISSED'}"
    return (
        figure.name + (f"\n{figure.note}" if figure.note else ""),
        f"{_number(figure.value)} {figure.unit}",
        f"{_number(min(figure.rounds))} .. {_number(max(figure.rounds))}",
        figure.floor or "",
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        goal,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _keep(measured: list[Subject], began: datetime, *, quick: bool) -> None:
    RESULTS.mkdir(exist_ok=True)
    document: dict[str, Any] = {
        "began": began,
        "command": _command(),
        "machine": _machine(),
        "quick": quick,
        "subjects": [
            {
                "name": subject.name,
                "figures": [
                    {
                        **msgspec.to_builtins(figure),
                        "median": figure.value,
                        "met": figure.met,
                    }
                    for figure in subject.figures
                ],
            }
            for subject in measured
        ],
    }
    file = RESULTS / f"{began:%Y-%m-%dT%H-%M-%SZ}.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(document)))


def _command() -> str:
    return shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    server = run([postgres.binary("postgres"), "--version"]).stdout.strip()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}, {server}; load {load}"
    )


if __name__ == "__main__":
    typer.run(main)
