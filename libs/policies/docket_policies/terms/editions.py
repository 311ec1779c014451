"""The editions of every pack: the only reader of `packs/`.

`packs/<pack>/<revision>.toml` is an edition; what it says about eligibility stands in
`packs/<pack>/<revision>/<thing>.toml`, with questions and their answers as examples. What has not
changed since an earlier edition stands in the folder of that one, which `eligibility` names.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import BadPack, Table

_PACKS = files("docket_policies") / "packs"


class UnknownPack(ValueError):
    """No pack or no edition of that name exists."""


class UnknownRevision(UnknownPack):
    """The pack has no edition of that name."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated edition of a pack; it is in effect from `effective_from` on.

    `no_target` is the clause by which it promises no time to answer, None where it does.
    `eligibility` is the earlier edition whose words on eligibility hold where it has none of its
    own, None where it stands alone.
    """

    pack: str
    letter: str
    revision: str
    clause: str
    effective_from: datetime
    no_target: str | None
    eligibility: str | None = None

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
    """Return the editions of every pack by the pack's id, the oldest of a pack first.

    Raises BadPack where one names an edition that is not an earlier one of its pack.
    """
    editions = []
    for pack in pack_ids():
        for entry in (_PACKS / pack).iterdir():
            if entry.name.endswith(".toml"):
                name = f"packs/{pack}/{entry.name}"
                editions.append(_edition(parse(entry.read_text(encoding="utf-8"), name)))
    editions.sort(key=lambda edition: (edition.pack, edition.effective_from))
    for number, edition in enumerate(editions):
        refuse_unless_earlier(edition, editions[:number])
    return tuple(editions)


def refuse_unless_earlier(edition: Edition, before: Sequence[Edition]) -> None:
    """Raise BadPack where `eligibility` names none of the editions before this one."""
    earlier = [each.revision for each in before if each.pack == edition.pack]
    if edition.eligibility is not None and edition.eligibility not in earlier:
        known = ", ".join(earlier) or "none"
        problem = f"{edition.eligibility!r} is no earlier edition of the pack; there is {known}"
        raise BadPack(edition.file, "eligibility", problem)


def _edition(table: Table) -> Edition:
    return Edition(
        pack=table.value("pack", str),
        letter=table.value("letter", str),
        revision=table.value("revision", str),
        clause=table.clause(),
        effective_from=table.instant("effective_from"),
        no_target=table.value("no_target", str, "") or None,
        eligibility=table.value("eligibility", str, "") or None,
    )


@lru_cache(maxsize=256)  # the caller's words
def editions_of(pack: str) -> tuple[Edition, ...]:
    """Return the editions of a pack, named by its id or its letter, oldest first.

    Raises UnknownPack.
    """
    editions = tuple(e for e in all_editions() if pack in (e.pack, e.letter))
    if not editions:
        known = ", ".join(sorted({f"{e.pack} ({e.letter})" for e in all_editions()}))
        raise UnknownPack(f"no pack {pack!r}; there is {known}")
    return editions


@lru_cache(maxsize=256)  # the caller's words
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
def files_beside(edition: Edition) -> tuple[tuple[str, Traversable], ...]:
    """Return the files of what an edition says about each thing, each with its path below `packs/`.

    A thing of which it has no file is that of the edition named by `eligibility`.
    """
    found: dict[str, tuple[str, Traversable]] = {}
    if edition.eligibility is not None:
        earlier = files_beside(edition_named(edition.pack, edition.eligibility))
        found = {entry.name: (name, entry) for name, entry in earlier}
    folder = _PACKS / edition.pack / edition.revision
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name.endswith(".toml"):
            found[entry.name] = f"{edition.pack}/{edition.revision}/{entry.name}", entry
    return tuple(found[name] for name in sorted(found))


@cache
def data_of(edition: Edition, thing: str) -> Table | None:
    """Return what an edition says about a thing, None when it says nothing.

    Raises BadPack when it has no example.
    """
    for name, entry in files_beside(edition):
        if entry.name == f"{thing}.toml":
            return with_examples(parse(entry.read_text(encoding="utf-8"), f"packs/{name}"))
    return None


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
        "about": {
            entry.name.removesuffix(".toml"): _toml(*name.split("/"))
            for name, entry in files_beside(edition)
        },
    }


@cache
def _toml(*path: str) -> Mapping[str, Any]:
    return tomllib.loads(_PACKS.joinpath(*path).read_text(encoding="utf-8"))
