"""The table of docs/proof.md that says what covers which column."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "proof.md"
HEADING = "## What covers which column"
LINE = re.compile(
    r"^\| `(\w+)` \| ([\w, ]+) \| (chained|digest|compared|not covered)\b", re.MULTILINE
)

Covered = Mapping[str, Mapping[str, str]]


def lines() -> Iterator[tuple[str, str, str]]:
    """Yield table, column and how it is covered, line by line."""
    text = PAGE.read_text().partition(HEADING)[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    found = LINE.findall(text)
    assert len(found) == len(rows), "each line says how its columns are covered"
    for table, columns, how in found:
        for column in columns.split(", "):
            yield table, column, how


def covered() -> Covered:
    """Return how each column of each table is covered."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for table, column, how in lines():
        assert column not in told[table], f"{table}.{column} stands in two lines"
        told[table][column] = how
    return told
