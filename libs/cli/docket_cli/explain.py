"""`docket explain`: the clock of a history as a table, a picture or JSON, clause by clause."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.opentime import OutsideCoverage
from docket_simulation.answering import written_out
from docket_simulation.case import Case, with_readings
from docket_simulation.explanation import Explanation, explained, hours, written
from docket_simulation.explanation import explain as explanation_of
from docket_simulation.picture import picture

WIDE = 132  # where nobody looks at a terminal: columns of a file or a pipe


def explain(
    file: Annotated[
        str, typer.Argument(help="a question as `docket simulate` reads it, - is stdin")
    ],
    at: Annotated[
        str, typer.Option(help="the instant to explain; the last event's if left out")
    ] = "",
    svg: Annotated[Path | None, typer.Option(help="write a picture to this file")] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="beside it under another reading, as priority=restart; may repeat"),
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option(help="beside it under another revision; may repeat")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Explain the clock of a history: every span, who held the ticket and why, and the sum."""
    try:
        sides = _sides(_told(file), at, compare or [], against or [])
    except (Unanswerable, OutsideCoverage, msgspec.DecodeError, OSError) as wrong:
        typer.echo(f"explain: {wrong}", err=True)
        raise typer.Exit(2) from None
    if svg is not None:
        svg.write_text(picture(sides), encoding="utf-8")
    if as_json:
        typer.echo(msgspec.json.encode(written_out([explained(side) for side in sides])))
    else:
        _print(sides)


def _told(file: str) -> dict[str, Any]:
    text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    told = msgspec.json.decode(text)
    if not isinstance(told, dict):
        raise Unanswerable("malformed", "a question is a table: pack, policy, events")
    return told


def _sides(
    told: dict[str, Any], at: str, compare: list[str], against: list[str]
) -> list[Explanation]:
    case = Case(told)
    instant = case.instant(Question({"at": at or told.get("at")}))
    history = case.told_until(instant)
    sides = [explanation_of(history, case.terms, instant)]
    for reading in compare:
        name, _, value = reading.partition("=")
        other = with_readings(case.terms, {name: value})
        sides.append(explanation_of(history, other, instant, f"{other.revision} with {reading}"))
    for revision in against:
        policy = {**(told.get("policy") or {}), "revision": revision}
        sides.append(_under({**told, "policy": policy}, instant))
    return sides


def _under(told: dict[str, Any], at: datetime) -> Explanation:
    case = Case(told)
    return explanation_of(case.told_until(at), case.terms, at)


def _print(sides: list[Explanation]) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    for side in sides:
        clock = side.clock
        table = Table(box=box.SIMPLE, title=f"{side.label}: {clock.state} at {written(side.at)}")
        for column in ("turn", "from", "to", "state", "since", "clause"):
            table.add_column(column, overflow="fold")
        for column in ("counted", "total"):
            table.add_column(column, justify="right", overflow="fold")
        for row in side.rows:
            span = row.span
            table.add_row(
                str(row.turn),
                _short(span.from_),
                _short(span.to),
                f"{span.state}\n({row.held_by})",
                f"{row.cause}\n{_short(span.cause.occurred_at)}",
                span.clause,
                hours(span.counted_s),
                hours(row.total_s),
            )
        console.print(table)
        for clause, says in sorted({(row.span.clause, row.says) for row in side.rows}):
            console.print(f"  {clause}: {says}", markup=False, highlight=False)
        console.print(f"  {side.sum}", markup=False, highlight=False, style="bold")
    if len(sides) > 1:
        _print_difference(console, sides)


def _short(instant: datetime) -> str:
    return instant.strftime("%a %d %b %H:%M:%S")


def _print_difference(console: Console, sides: list[Explanation]) -> None:
    table = Table(box=box.SIMPLE, title="side by side")
    table.add_column("")
    for side in sides:
        table.add_column(side.label)
    for name in ("state", "deadline", "budget_s", "consumed_s", "overdue"):
        values = [getattr(side.clock, name) for side in sides]
        table.add_row(name, *(written(v) if isinstance(v, datetime) else str(v) for v in values))
    console.print(table)
