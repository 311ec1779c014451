"""Generate the pages that are made from code, or with --check only tell whether they are fresh.

openapi.json is the description of ticket-api that it serves itself at /openapi.json; regulations.md
shows the packs, clauses.md what became of every clause, lifecycle.md what each command comes to.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pages import clauses, lifecycle, regulations

from docket_runtime.settings import Settings
from ticket_api.app import build

DOCS = Path(__file__).parent


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each generated page and what it must hold."""
    described = build(Settings(env="dev")).openapi()
    yield DOCS / "clauses.md", clauses.page()
    yield DOCS / "lifecycle.md", lifecycle.page()
    yield DOCS / "regulations.md", regulations.page()
    yield DOCS / "openapi.json", json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the pages that are stale; with --check write none and return 1 where one is."""
    stale = [(page, text) for page, text in pages() if not _holds(page, text)]
    check = "--check" in sys.argv[1:]
    for page, text in stale:
        if check:
            print(f"docs/{page.name} is stale: make docs")
        else:
            page.write_text(text, encoding="utf-8")
            print(f"docs/{page.name} written")
    return int(check and bool(stale))


def _holds(page: Path, text: str) -> bool:
    return page.exists() and page.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
