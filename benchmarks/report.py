"""What was measured, as a table for people and as JSON and Markdown to keep."""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import psutil
from rich.table import Table

from benchmarks.figures import Figure, Subject
from docket_devstack import postgres
from docket_devstack.processes import run

_HEADINGS = ("subject", "measured", "median", "low to high", "against", "ratio", "goal")


class Report(msgspec.Struct, frozen=True):
    """One run: when, by which command, on which machine, and what it measured."""

    began: datetime
    command: str
    machine: str
    quick: bool
    subjects: Sequence[Subject]

    @property
    def missed(self) -> bool:
        """Tell whether a goal was missed."""
        return any(figure.met is False for each in self.subjects for figure in each.figures)


def machine() -> str:
    """Describe the machine, and how busy it is with other things before anything is measured."""
    memory = psutil.virtual_memory().total / 2**30
    server = run([postgres.binary("postgres"), "--version"]).stdout.strip()
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()},"
        f" Python {platform.python_version()}, {server}, load before {os.getloadavg()[0]:.1f}"
    )


def table(report: Report) -> Table:
    """Return the table for a terminal."""
    made = Table(*_HEADINGS)
    for subject in report.subjects:
        for n, figure in enumerate(subject.figures):
            last = n == len(subject.figures) - 1
            made.add_row(subject.name if n == 0 else "", *_cells(figure), end_section=last)
    return made


def keep(report: Report, folder: Path) -> Path:
    """Write the report as JSON and as Markdown; return the path of the JSON."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{report.began:%Y-%m-%dT%H-%M-%SZ}.json"
    medians = {
        f"{subject.name}: {figure.name}": figure.value
        for subject in report.subjects
        for figure in subject.figures
        if figure.note is None
    }
    document = {**msgspec.to_builtins(report), "medians": medians}
    file.write_bytes(msgspec.json.format(msgspec.json.encode(document)))
    file.with_suffix(".md").write_text("\n".join(_markdown(report)) + "\n")
    return file


def _markdown(report: Report) -> Iterator[str]:
    yield f"`{report.command}`, {report.began:%Y-%m-%d}; {report.machine}."
    yield ""
    yield f"| {' | '.join(_HEADINGS)} |"
    yield f"|{'---|' * len(_HEADINGS)}"
    for subject in report.subjects:
        for figure in subject.figures:
            yield f"| {subject.name} | {' | '.join(_cells(figure))} |"


def _cells(figure: Figure) -> tuple[str, ...]:
    if figure.note is not None:
        return figure.name, figure.note, "", "", "", ""
    goal = ""
    if figure.goal is not None:
        sign = "at most" if figure.at_most else "at least"
        goal = f"{sign} {figure.goal:g}: {'met' if figure.met else 'MISSED'}"
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        f"{_number(min(figure.rounds))} .. {_number(max(figure.rounds))}",
        figure.floor or "",
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        goal,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
