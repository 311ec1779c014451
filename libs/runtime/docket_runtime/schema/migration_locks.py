"""Which tables a migration locks, and what waits until it ends: read from its SQL.

A migration that runs for a second stops everybody who needs such a lock for a second. What it does
to tables of its own stops nobody. A test compares this with the locks that each migration holds.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

READS_AND_WRITES, WRITES = "reads and writes", "writes"

_FUNCTION = re.compile(r"create (?:or replace )?function\b.*?\bas \$(\w*)\$.*?\$\1\$", re.S | re.I)
_COMMENT = re.compile(r"--[^\n]*")
_OWN = re.compile(r"create (?:unlogged )?table (?:if not exists )?(docket\.\w+)", re.I)
_MADE = re.compile(r"alter table (docket\.\w+)\s+rename to (\w+)", re.I)
_LIGHT_ALTER = r"(?:set \(|(?:enable|disable)(?: always)? trigger)"
_TAKES = (
    (READS_AND_WRITES, rf"alter table (?:only )?(docket\.\w+)\s+(?!{_LIGHT_ALTER})"),
    (READS_AND_WRITES, r"drop (?:trigger|policy) (?:if exists )?\w+ on (docket\.\w+)"),
    (READS_AND_WRITES, r"drop table (?:if exists )?(docket\.\w+)"),
    (READS_AND_WRITES, r"truncate (?:table )?(docket\.\w+)"),
    (READS_AND_WRITES, r"create policy \w+ on (docket\.\w+)"),
    (READS_AND_WRITES, r"lock table (docket\.\w+) in access exclusive"),
    (WRITES, r"alter table (docket\.\w+)\s+(?:enable|disable)(?: always)? trigger"),
    (WRITES, r"create trigger \w+ (?:before|after) [\w\s]+? on (docket\.\w+)"),
    (WRITES, r"create (?:unique )?index (?!concurrently)\w+ on (docket\.\w+)"),
    (WRITES, r"references (docket\.\w+)"),
)


def stopped_by(revision: str) -> Iterator[tuple[str, str]]:
    """Yield each table that was there before, and what of it waits for the migration's end."""
    folder = files("docket_migrations").joinpath("sql", revision)
    texts = (
        [each.read_text(encoding="utf-8") for each in folder.iterdir()] if folder.is_dir() else []
    )
    texts.append(_module(revision))
    sql = _FUNCTION.sub("", _COMMENT.sub("", "\n".join(texts)))
    own = {*_OWN.findall(sql), *(f"docket.{name}" for _, name in _MADE.findall(sql))}
    own -= {old for old, _ in _MADE.findall(sql)}
    stopped = dict[str, str]()
    for what, pattern in _TAKES:
        for table in re.findall(pattern, sql, re.I):
            if table not in own:
                stopped.setdefault(table, what)
    yield from sorted(stopped.items())


def _module(revision: str) -> str:
    """Return the text of a migration's module, for what it runs without a file."""
    versions = files("docket_migrations").joinpath("versions")
    return "\n".join(
        each.read_text(encoding="utf-8")
        for each in versions.iterdir()
        if each.name.startswith(f"{revision}_")
    )
