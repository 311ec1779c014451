"""The progress of an import on the terminal: bytes that were read, tickets that were written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as ProgressBar

from docket_cli.output import aside
from docket_import.files import Passed
from docket_import.loading import Loaded, Progress


@contextmanager
def reading(path: Path) -> Iterator[Passed]:
    """Show how far a file has been read; it is read twice before anything is written."""
    columns = (TextColumn("checking"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with ProgressBar(*columns, console=aside, transient=True) as bar:
        task = bar.add_task("checking", total=path.stat().st_size)
        yield lambda count: bar.update(task, completed=count)


@contextmanager
def writing() -> Iterator[Progress]:
    """Show how many tickets are in the log."""
    columns = (
        TextColumn("importing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("tickets, {task.fields[rate]:,.0f} events/s"),
        TimeElapsedColumn(),
    )
    began = monotonic()
    with ProgressBar(*columns, console=aside) as bar:
        task = bar.add_task("importing", total=None, rate=0.0)

        def told(loaded: Loaded) -> None:
            rate = loaded.events / (monotonic() - began)
            total = loaded.tickets - loaded.set_aside
            bar.update(task, completed=loaded.done, total=total, rate=rate)

        yield told
