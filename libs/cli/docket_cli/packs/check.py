"""`docket terms check`: every mistake of a pack, with file, key, and what to do."""

import typer

from docket_cli import output
from docket_cli.packs.pack_files import Json, Where, cases_of, file_of, text_of
from docket_terms.pack_format import review


def check(path: Where, json: Json = False) -> None:
    """Check a pack and its cases; exit 1 with every mistake of the first stage that has any.

    A clause that is a rule needs a case. Example: docket terms check examples/terms/update-cadence
    """
    with output.errors():
        pack, faults = review(text_of(path), str(file_of(path)))
        told = [
            {"file": fault.file, "key": fault.key, "problem": fault.problem} for fault in faults
        ]
        if pack is not None:
            shown = {c for case in cases_of(path, pack) for c in case.clause.split(", ")}
            told += [
                {
                    "file": str(file_of(path)),
                    "key": f"clauses.{clause.id}",
                    "problem": "no case shows it: write one in cases.json, or list it under notes",
                }
                for clause in pack.clauses.values()
                if not clause.note and clause.id not in shown
            ]
    if json:
        output.print_json({"ok": not told, "faults": told})
    else:
        for fault in told:
            output.line(f"{fault['file']}: {fault['key']}: {fault['problem']}")
        if pack is not None and not told:
            said = f"{len(pack.clauses)} clauses, {len(pack.clocks)} clocks, nothing is wrong"
            output.line(f"{pack.name} {pack.edition}: {said}")
    if told:
        raise typer.Exit(1)
