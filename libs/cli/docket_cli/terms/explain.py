"""`docket explain`: the clock of a history or a ticket, clause by clause: table, picture, JSON."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich import box
from rich.table import Table

from docket_cli import output
from docket_cli.arguments import place
from docket_cli.audit.api_client import api
from docket_cli.audit.columns import KnownAt
from docket_cli.audit.ticket_reasons import print_field, print_reasons, question_of
from docket_events.instants import for_people
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.question import Question, Unanswerable
from docket_simulation.explanation import Explanation, explained, hours
from docket_simulation.explanation import explain as explanation_of
from docket_simulation.pictures.clock_picture import picture
from docket_simulation.scenarios.scenario import Scenario, with_readings
from docket_simulation.simulator import written_out


def explain(
    source: Annotated[
        str,
        typer.Argument(
            help="A question as `docket simulate` reads it (a file, - is stdin), or a ticket."
        ),
    ],
    at: Annotated[
        str, typer.Option(help="The instant to explain, of a ticket also a version.")
    ] = "",
    svg: Annotated[Path | None, typer.Option(help="Write a picture to this file.")] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="Beside it under another reading, as priority=restart; may repeat."),
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option(help="Beside it under another revision; may repeat.")
    ] = None,
    known_at: KnownAt = None,
    field: Annotated[
        str | None, typer.Option(help="Of a ticket: which event set this field last.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain the clock of a history: every span, who held the ticket and why, and the sum.

    Left out, the instant is that of a question's last event, of a ticket the present. A ticket (id
    or number, where there is no such file) is read from the log; its deadlines, pauses, breaches,
    refusals and closings stand below its clock.

    Exit codes: 0 explained, 2 the question makes no sense, and for tickets 3 ticket-api is out of
    reach, 4 not allowed, 5 there is no such ticket or field, or none at that point.

    Examples: docket explain question.json --compare info=resume

    docket explain 1001 --at 2026-06-11T12:00:00Z --field clock.deadline
    """
    try:
        if source == "-" or Path(source).exists():
            if field or known_at:
                raise Unanswerable("malformed", "--field and --known-at are of tickets")
            _show(_sides(_told(source), at, compare or [], against or []), svg, as_json)
            return
        with api() as client:
            ticket = client.ticket(source)
            point = {"as_of": place(at) if at else None, "known_at": known_at}
            if field is not None:
                answer = client.get(f"{ticket}/explain", field=field, **point)
                output.print_json(answer) if as_json else print_field(answer)
                return
            question = question_of(client, ticket, **point)
            _show(_sides(question, "", compare or [], against or []), svg, as_json)
            if not as_json:
                print_reasons(client.get(f"{ticket}/why", **point))
    except (Unanswerable, OutsideCoverage, msgspec.DecodeError, OSError) as wrong:
        output.say(f"explain: {wrong}")
        raise typer.Exit(2) from None


def _show(sides: list[Explanation], svg: Path | None, as_json: bool) -> None:
    if svg is not None:
        svg.write_text(picture(sides), encoding="utf-8")
    if as_json:
        output.print_json(written_out([explained(side) for side in sides]))
    else:
        _print(sides)


def _told(file: str) -> dict[str, Any]:
    text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    question = msgspec.json.decode(text)
    if not isinstance(question, dict):
        raise Unanswerable("malformed", "a question is a table: pack, policy, events")
    return question


def _sides(
    question: dict[str, Any], at: str, compare: list[str], against: list[str]
) -> list[Explanation]:
    case = Scenario(question)
    instant = case.instant(Question({"at": at or question.get("at")}))
    history = case.told_until(instant)
    sides = [explanation_of(history, case.terms, instant)]
    for reading in compare:
        name, _, value = reading.partition("=")
        other = with_readings(case.terms, {name: value})
        sides.append(explanation_of(history, other, instant, f"{other.revision} with {reading}"))
    for revision in against:
        policy = {**(question.get("policy") or {}), "revision": revision}
        sides.append(_under({**question, "policy": policy}, instant))
    return sides


def _under(question: dict[str, Any], at: datetime) -> Explanation:
    case = Scenario(question)
    return explanation_of(case.told_until(at), case.terms, at)


def _print(sides: list[Explanation]) -> None:
    console = output.page()
    for side in sides:
        clock = side.clock
        table = Table(box=box.SIMPLE, title=f"{side.label}: {clock.state} at {for_people(side.at)}")
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


def _print_difference(console: output.Terminal, sides: list[Explanation]) -> None:
    table = Table(box=box.SIMPLE, title="side by side")
    table.add_column("")
    for side in sides:
        table.add_column(side.label)
    for name in ("state", "deadline", "budget_s", "consumed_s", "overdue"):
        values = [getattr(side.clock, name) for side in sides]
        table.add_row(name, *(for_people(v) if isinstance(v, datetime) else str(v) for v in values))
    console.print(table)
