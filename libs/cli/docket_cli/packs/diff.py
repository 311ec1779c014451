"""`docket terms diff`: what is other between two editions, in words and by cases."""

from pathlib import Path
from typing import Annotated

import typer

from docket_cli import output
from docket_cli.packs.pack_files import Json, cases_of, pack_of
from docket_terms.comparison import changes, other_answers


def diff(
    old: Annotated[Path, typer.Argument(help="The pack as it was.")],
    new: Annotated[Path, typer.Argument(help="The pack as it shall be.")],
    json: Json = False,
) -> None:
    """Tell how two editions differ, and which worked cases of either they answer otherwise.

    Example: docket terms diff terms/2026 terms/2027
    """
    with output.errors():
        before, after = pack_of(old), pack_of(new)
        cases = {case.id: case for case in cases_of(old, before)}
        cases |= {case.id: case for case in cases_of(new, after)}
        words = [*changes(before, after)]
        answers = [*other_answers(before, after, [*cases.values()])]
    if json:
        rows = [{"id": case.id, "old": was, "new": now} for case, was, now in answers]
        output.print_json({"changes": words, "cases": rows})
        return
    for each in words:
        output.line(each)
    for case, was, now in answers:
        output.line(f"{case.id}: {was} -> {now}")
    if not words and not answers:
        output.line("nothing differs")
