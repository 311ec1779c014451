"""`docket calendars`: until when the holidays of each calendar are known, and which end soon.

Outside its years a calendar answers with an error and never with a guess, so its holidays must be
extended in time.
"""

from typing import Annotated

import typer
from rich.table import Table

from docket_cli import output
from docket_policies.terms.calendar_files import calendar, calendar_names
from docket_runtime.clock import wall_clock


def calendars(
    within: Annotated[
        int, typer.Option(help="Name what runs out within so many years.", min=0)
    ] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the calendars and the last year each has holidays for; exit 1 if one runs out soon.

    Example: docket calendars --within 2
    """
    last_years, ending = ends(wall_clock().year + within)
    if json:
        output.print_json({"last_year": last_years, "runs_out": ending})
    else:
        table = Table("calendar", "holidays known until the end of", "runs out")
        for name, year in last_years.items():
            until = "needs none" if year is None else str(year)
            table.add_row(name, until, "soon" if name in ending else "")
        output.out.print(table)
    if ending:
        raise typer.Exit(1)


def ends(before: int) -> tuple[dict[str, int | None], list[str]]:
    """Return the last year of each calendar, None for one that needs none, and who ends sooner."""
    last_years = {name: _last_year(name) for name in calendar_names()}
    ending = [name for name, year in last_years.items() if year is not None and year < before]
    return last_years, ending


def _last_year(name: str) -> int | None:
    known = calendar(name)
    return max(last for _, last in known.covered) if known and known.covered else None
