"""`python -m benchmarks [subject ...] [--quick]`: run the subjects and keep what they measured."""

import shlex
import signal
import sys
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console  # noqa: TID251 - prints figures of its own

from benchmarks import servers
from benchmarks.figures import FULL, QUICK, Subject
from benchmarks.report import Report, keep, machine, table
from docket_devstack.workspace import PROJECT
from docket_runtime.clock import wall_clock

MODULES = {
    "terms": "benchmarks.terms",
    "append": "benchmarks.append",
    "http": "benchmarks.http",
    "relay": "benchmarks.relay",
    "read": "benchmarks.reading",
    "list": "benchmarks.lists",
    "import": "benchmarks.imports",
    "replay": "benchmarks.replaying",
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

    Prints a table and writes it to bench-results/ as JSON and Markdown. Ends with 1 where a goal is
    missed.

    Example: python -m benchmarks append http --quick
    """
    chosen = subjects or list(MODULES)
    unknown = [name for name in chosen if name not in MODULES]
    if unknown:
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}; known: {', '.join(MODULES)}")
    # so that whoever ends us early leaves no server behind
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    console = Console(width=max(Console().width, 120))
    command = shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])
    measured: list[Subject] = []
    report = Report(wall_clock(), command, machine(), quick, measured)
    with servers.private() as private:
        for name in chosen:
            console.print(f"measuring {name} ...", style="dim")
            measured.append(import_module(MODULES[name]).run(private, QUICK if quick else FULL))
            file = keep(report, RESULTS)  # at once: a subject that fails takes no other with it
    console.print(table(report))
    kept = file.relative_to(PROJECT)
    console.print(f"{command}\n{report.machine}\nkept in {kept}", style="dim")
    if report.missed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
