"""A migration that takes something away says that older services no longer run (decision 0043)."""

import re
from pathlib import Path

import docket_migrations
from docket_runtime.schema.revision import OLDEST_CODE

SQL = Path(docket_migrations.__file__).parent / "sql"
SINCE = "0023"
TAKES_AWAY = re.compile(
    r"^\s*(drop\s+(table|function|type|view|schema|sequence)"
    r"|alter\s+table\s+\S+\s+(drop|rename|alter\s+column\s+\S+\s+(type|set\s+not\s+null))"
    r"|alter\s+(function|type|sequence)\s+\S+\s+rename"
    r"|revoke\s+(?!all\s+on\s+function\s+\S+\s+from\s+public))",
    re.IGNORECASE | re.MULTILINE,
)


def taking_away(sql: str) -> list[str]:
    return [" ".join(found[0].split()) for found in TAKES_AWAY.finditer(sql)]


def test_what_takes_away_is_recognised() -> None:
    assert taking_away("drop table docket.a;\nalter table docket.b rename to c;") == [
        "drop table",
        "alter table docket.b rename",
    ]
    assert (
        taking_away("alter table docket.b add column c text;\ncreate table docket.d (e int);") == []
    )
    assert taking_away("revoke all on function docket.f from public;") == []
    assert taking_away("revoke select on docket.t from docket_notifier;") == ["revoke"]


def test_no_migration_takes_away_what_services_of_the_range_use() -> None:
    found = {
        str(file.relative_to(SQL)): taken
        for file in sorted(SQL.rglob("*.sql"))
        if file.parent.name > SINCE and (taken := taking_away(file.read_text()))
    }

    assert {name: taken for name, taken in found.items() if name[:4] > OLDEST_CODE} == {}
