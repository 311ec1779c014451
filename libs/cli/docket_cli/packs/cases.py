"""`docket terms test`: the worked cases beside a pack, by the engine that counts tickets."""

from pathlib import Path
from typing import Annotated

import typer

from docket_cli import output
from docket_cli.errors import CliError
from docket_cli.packs.pack_files import Json, Where, cases_of, pack_of
from docket_terms.cases import BadCase, Case, answer, differences
from docket_terms.pack import Pack


def run_cases(
    path: Where,
    cases: Annotated[
        Path | None, typer.Option(help="Another file of cases than cases.json beside the pack.")
    ] = None,
    json: Json = False,
) -> None:
    """Answer each worked case of a pack; exit 1 if an answer is not the expected one.

    Example: docket terms test examples/terms/update-cadence
    """
    with output.errors():
        pack = pack_of(path)
        read = cases_of(path, pack, cases)
        if not read:
            raise CliError("there is no case: write some in cases.json beside the pack")
        outcomes = [(case, _wrong(pack, case)) for case in read]
    failed = [(case, wrong) for case, wrong in outcomes if wrong]
    if json:
        output.print_json(
            {
                "cases": len(outcomes),
                "right": len(outcomes) - len(failed),
                "wrong": [{"id": case.id, "differences": wrong} for case, wrong in failed],
            }
        )
    else:
        for case, wrong in failed:
            output.line(f"{case.id} [{case.clause}] {case.question}")
            for each in wrong:
                output.line(f"    {each}")
        output.line(f"{len(outcomes) - len(failed)} of {len(outcomes)} cases are right")
    if failed:
        raise typer.Exit(1)


def _wrong(pack: Pack, case: Case) -> list[str]:
    try:
        return differences(case.expected, answer(pack, case))
    except BadCase as wrong:
        return [str(wrong)]
