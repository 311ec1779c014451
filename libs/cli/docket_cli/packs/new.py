"""`docket terms new`: a first pack that passes the check, from a few answers."""

from pathlib import Path
from typing import Annotated

import typer

from docket_cli import output
from docket_cli.errors import CliError
from docket_cli.packs.pack_files import CASES, PACK, Json
from docket_terms.pack_format import review
from docket_terms.skeleton import first_case, skeleton


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is the pack's.")],
    title: Annotated[str, typer.Option(prompt="What are the terms called?", help="The title.")],
    severities: Annotated[
        str,
        typer.Option(prompt="Which severities, the gravest first, with commas?", help="Names."),
    ],
    times: Annotated[
        str,
        typer.Option(prompt="How soon is each answered, with commas (30 min, 4 h)?", help="Times."),
    ],
    timezone: Annotated[
        str, typer.Option(prompt="In which time zone (Europe/Berlin)?", help="The zone.")
    ],
    json: Json = False,
) -> None:
    """Write a pack with one clock and one case, which passes the check; then add your rules.

    Asks for what is not given. Example: docket terms new acme-care --title "Acme care"
    --severities "S1, S2" --times "30 min, 4 h" --timezone Europe/Berlin
    """
    with output.errors():
        names = [each.strip() for each in severities.split(",") if each.strip()]
        amounts = [each.strip() for each in times.split(",") if each.strip()]
        if len(names) != len(amounts) or not names:
            raise CliError(f"{len(names)} severities and {len(amounts)} times: write one for each")
        if folder.exists():
            raise CliError(f"{folder} is there already: choose another folder")
        text = skeleton(folder.name, title, names, amounts, timezone)
        pack, faults = review(text, str(folder / PACK))
        if pack is None:
            raise CliError("\n".join(str(fault) for fault in faults))
        folder.mkdir(parents=True)
        (folder / PACK).write_text(text, encoding="utf-8")
        (folder / CASES).write_text(first_case(names[0]), encoding="utf-8")
    if json:
        output.print_json({"pack": str(folder / PACK), "cases": str(folder / CASES)})
        return
    output.line(
        f"{folder / PACK} and {folder / CASES} are written; next: docket terms check {folder}"
    )
