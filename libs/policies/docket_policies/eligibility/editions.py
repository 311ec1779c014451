"""The editions of every pack: their dates, and the data that stands beside them.

`packs/<pack>/<revision>.toml` names an edition; what it says about eligibility stands in
`packs/<pack>/<revision>/<thing>.toml`, with questions and their answers as examples.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import Table

_PACKS = files("docket_policies") / "packs"


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated edition of a pack; it is in effect from `effective_from` on.

    `no_target` is the clause by which it promises no time to answer, None where it does.
    """

    pack: str
    letter: str
    revision: str
    clause: str
    effective_from: datetime
    no_target: str | None


@cache
def all_editions() -> tuple[Edition, ...]:
    """Return the editions of every pack, the oldest of a pack first."""
    editions = []
    for folder in _PACKS.iterdir():
        for entry in folder.iterdir():
            if entry.name.endswith(".toml"):
                name = f"packs/{folder.name}/{entry.name}"
                editions.append(_edition(parse(entry.read_text(encoding="utf-8"), name)))
    return tuple(sorted(editions, key=lambda edition: (edition.pack, edition.effective_from)))


def _edition(table: Table) -> Edition:
    return Edition(
        pack=table.value("pack", str),
        letter=table.value("letter", str),
        revision=table.value("revision", str),
        clause=table.clause(),
        effective_from=table.instant("effective_from"),
        no_target=table.value("no_target", str, "") or None,
    )


def editions_of(pack: str) -> tuple[Edition, ...]:
    """Return the editions of a pack, named by its id or its letter, oldest first.

    Raises Unanswerable.
    """
    named = tuple(e for e in all_editions() if pack in (e.pack, e.letter))
    if not named:
        known = ", ".join(sorted({f"{e.pack} ({e.letter})" for e in all_editions()}))
        raise Unanswerable("unknown_pack", f"no pack {pack!r}; there is {known}")
    return named


def edition_of(question: Question) -> Edition:
    """Return the edition a question is about: `revision` when named, else the one in force then.

    Raises Unanswerable.
    """
    editions = editions_of(question.text("pack"))
    if question.says("revision"):
        revision = question.text("revision")
        for edition in editions:
            if edition.revision == revision:
                return edition
        known = ", ".join(edition.revision for edition in editions)
        raise Unanswerable("unknown_revision", f"no edition {revision!r}; there is {known}")
    for key in ("ticket_date", "created_at", "at"):
        if question.says(key):
            at = question.instant(key)
            past = [edition for edition in editions if edition.effective_from <= at]
            return (past or list(editions[:1]))[-1]
    return editions[-1]


@cache
def data_of(edition: Edition, thing: str) -> Table | None:
    """Return what an edition says about a thing, None when it says nothing.

    Raises BadPack when it has no example.
    """
    name = f"{edition.pack}/{edition.revision}/{thing}.toml"
    entry = _PACKS / edition.pack / edition.revision / f"{thing}.toml"
    if not entry.is_file():
        return None
    return with_examples(parse(entry.read_text(encoding="utf-8"), f"packs/{name}"))


def with_examples(table: Table) -> Table:
    """Return a thing's data; raise BadPack when nothing shows what it means.

    An example is a question: `ask`, its fields, and what is to `expect`. Windows of versions have
    lists of versions as examples of their own.
    """
    if not table.value("examples", list, []) and table.maybe("windows") is None:
        raise table.bad("examples", "a rule needs an example: give ask, its fields and expect")
    return table


def needed(edition: Edition, thing: str) -> Table:
    """Return what an edition says about a thing; raise Unanswerable when it says nothing."""
    table = data_of(edition, thing)
    if table is None:
        raise Unanswerable("not_in_pack", f"{edition.pack} says nothing about {thing}")
    return table
