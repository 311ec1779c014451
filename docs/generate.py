"""Generate the pages that are made from code, or with --check only tell whether they are fresh.

openapi.json is the description of ticket-api that it serves itself at /openapi.json, refusals.json
what it says of each command's refusals; asyncapi.json describes the bus; regulations.md shows the
packs, clauses.md what became of every clause, readings.md how unclear ones are read, lifecycle.md
what each command comes to, limits.md what callers may take, roles.md who may do what,
operating/settings.md and the sample environment what can be set. Both ways check the written pages:
that their links and paths lead somewhere, and that each decision record has the form of the first.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pages import (
    asyncapi,
    clauses,
    lifecycle,
    limits,
    links,
    readings,
    records,
    refusals,
    regulations,
    roles,
    settings,
)

from docket_runtime.settings import Settings
from ticket_api.app import build

DOCS = Path(__file__).parent
HOUSE = DOCS.parent
REFUSALS = HOUSE / "services/ticket-api/ticket_api/openapi/refusals.json"


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each generated page and what it must hold."""
    yield REFUSALS, refusals.page()
    described = build(Settings(env="dev")).openapi()
    yield DOCS / "clauses.md", clauses.page()
    yield DOCS / "lifecycle.md", lifecycle.page()
    yield DOCS / "limits.md", limits.page()
    yield DOCS / "readings.md", readings.page()
    yield DOCS / "regulations.md", regulations.page()
    yield DOCS / "roles.md", roles.page(described)
    yield DOCS / "operating/settings.md", settings.page()
    yield HOUSE / "deploy/docket.env.example", settings.example()
    yield DOCS / "asyncapi.json", asyncapi.page()
    yield DOCS / "openapi.json", json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the pages that are stale; with --check write none and return 1 where one is.

    Return 1 also where a written page points at nothing or a decision record has another form.
    """
    check, stale = "--check" in sys.argv[1:], 0
    for page, text in pages():
        if _holds(page, text):
            continue
        stale += 1
        if check:
            print(f"{page.relative_to(HOUSE)} is stale: make docs")
        else:
            page.write_text(text, encoding="utf-8")
            print(f"{page.relative_to(HOUSE)} written")
    faults = [*links.broken(HOUSE), *records.malformed(DOCS / "decisions")]
    for fault in faults:
        print(fault)
    return int((check and stale > 0) or bool(faults))


def _holds(page: Path, text: str) -> bool:
    return page.exists() and page.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
