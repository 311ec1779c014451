"""`docket terms explain`: a worked case as a timeline, with the clause of each line."""

from typing import Annotated, Any

import typer

from docket_cli import output
from docket_cli.errors import CliError
from docket_cli.packs.pack_files import Json, Where, cases_of, pack_of
from docket_events.instants import wire
from docket_policies.calendars.epoch import moment
from docket_terms.answers import instant
from docket_terms.cases import course_of
from docket_terms.explanation import timeline, written


def explain(
    path: Where,
    case: Annotated[str, typer.Argument(help="The id of a case.")],
    json: Json = False,
) -> None:
    """Show in the order of time what a case does, and by which clause.

    Example: docket terms explain examples/terms/update-cadence GP-c05
    """
    with output.errors():
        pack = pack_of(path)
        known = {each.id: each for each in cases_of(path, pack)}
        if case not in known:
            raise CliError(f"there is no case {case}: known are {', '.join(known) or 'none'}")
        told = known[case]
        if not told.events:
            raise CliError(f"{case} is about several tickets: explain one with events")
        course = course_of(pack, told)
        until: Any = told.ask.get("until") or told.ask.get("at")
        at = instant(str(until)) if until else told.events[-1].at
        course.advance(at)
    lines = timeline(course, at)
    if json:
        rows = [{**each._asdict(), "at": wire(moment(each.at))} for each in lines]
        output.print_json({"case": case, "question": told.question, "lines": rows})
        return
    output.line(told.question or case)
    for each in lines:
        output.line(written(each))
