"""Check the form of the decision records (decision 0001)."""

import re
from collections.abc import Iterator
from pathlib import Path

HEADINGS = ["Status", "Context", "Decision", "Alternatives", "Consequences"]
SCREEN = 45  # lines of a record


def malformed(records: Path) -> Iterator[str]:
    """Yield a sentence for each record that is not of the form that 0001 asks for."""
    seen: dict[str, str] = {}
    for record in sorted(records.glob("*.md")):
        text = record.read_text(encoding="utf-8")
        number, name = record.name[:4], f"decisions/{record.name}"
        if not text.startswith(f"# {number} "):
            yield f"{name}: the title does not begin with the number {number}"
        if number in seen:
            yield f"{name}: the number is that of {seen[number]}"
        seen[number] = name
        if re.findall(r"^## (.+)$", text, re.MULTILINE) != HEADINGS:
            yield f"{name}: the headings are not {', '.join(HEADINGS)}"
        if (lines := text.count("\n")) > SCREEN:
            yield f"{name}: {lines} lines; a record has at most {SCREEN}"
        for other in re.findall(r"Replaced by (?:\[)?(\d{4})", text):
            if not list(records.glob(f"{other}-*.md")):
                yield f"{name}: replaced by {other}, which does not exist"
