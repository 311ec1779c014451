"""The editions of every pack: the only reader of `packs/`.

`packs/<pack>/<revision>.toml` is an edition; what it says about eligibility stands in
`packs/<pack>/<revision>/<thing>.toml`, with questions and their answers as examples.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import Table

_PACKS = files("docket_policies") / "packs"


class UnknownPack(ValueError):
    """No pack or no edition of that name exists."""


class UnknownRevision(UnknownPack):
    """The pack has no edition of that name."""


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

    @property
    def file(self) -> str:
        """Return the name of its file, as errors show it."""
        return f"packs/{self.pack}/{self.revision}.toml"


@cache
def pack_ids() -> tuple[str, ...]:
    """Return the ids of the packs in the order of `packs/index.toml`."""
    return tuple(tomllib.loads((_PACKS / "index.toml").read_text(encoding="utf-8"))["packs"])


@cache
def all_editions() -> tuple[Edition, ...]:
    """Return the editions of every pack by the pack's id, the oldest of a pack first."""
    editions = []
    for pack in pack_ids():
        for entry in (_PACKS / pack).iterdir():
            if entry.name.endswith(".toml"):
                name = f"packs/{pack}/{entry.name}"
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

    Raises UnknownPack.
    """
    editions = tuple(e for e in all_editions() if pack in (e.pack, e.letter))
    if not editions:
        known = ", ".join(sorted({f"{e.pack} ({e.letter})" for e in all_editions()}))
        raise UnknownPack(f"no pack {pack!r}; there is {known}")
    return editions


def edition_named(pack: str, revision: str) -> Edition:
    """Return an edition of a pack by its name; raise UnknownPack or UnknownRevision."""
    editions = editions_of(pack)
    for edition in editions:
        if edition.revision == revision:
            return edition
    known = ", ".join(edition.revision for edition in editions)
    raise UnknownRevision(f"no edition {revision!r}; there is {known}")


def text_of(edition: Edition) -> str:
    """Return the text of an edition's file."""
    return (_PACKS / edition.pack / f"{edition.revision}.toml").read_text(encoding="utf-8")


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


def packs() -> list[dict[str, Any]]:
    """Return every pack with its editions, oldest first, as plain values."""
    shown: dict[str, dict[str, Any]] = {}
    for edition in all_editions():
        terms = _toml(edition.pack, f"{edition.revision}.toml")
        pack = shown.setdefault(
            edition.pack,
            {"pack": edition.pack, "letter": edition.letter, "title": terms["title"]},
        )
        pack.setdefault("revisions", []).append(
            {
                "revision": edition.revision,
                "effective_from": edition.effective_from,
                "clause": edition.clause,
                "counts_time": edition.no_target is None,
            }
        )
    return list(shown.values())


def edition_data(pack: str, revision: str) -> Mapping[str, Any]:
    """Return all that an edition says: its terms, and `about` what it says about each thing.

    The pack is named by its id or its letter. Raises UnknownPack.
    """
    edition = edition_named(pack, revision)
    return {
        **_toml(edition.pack, f"{revision}.toml"),
        "about": _beside(edition.pack, revision),
    }


def _beside(pack: str, revision: str) -> dict[str, Any]:
    folder = _PACKS / pack / revision
    if not folder.is_dir():
        return {}
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): _toml(pack, revision, name) for name in names}


@cache
def _toml(*path: str) -> Mapping[str, Any]:
    return tomllib.loads(_PACKS.joinpath(*path).read_text(encoding="utf-8"))
