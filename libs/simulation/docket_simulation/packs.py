"""The editions of the packs as plain data: every number with its clause and its sentence."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from docket_policies.eligibility.editions import all_editions
from docket_policies.eligibility.question import Unanswerable

_PACKS = files("docket_policies") / "packs"


def packs() -> list[dict[str, Any]]:
    """Return every pack with its editions, oldest first."""
    found: dict[str, dict[str, Any]] = {}
    for edition in all_editions():
        terms = _toml(edition.pack, f"{edition.revision}.toml")
        pack = found.setdefault(
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
    return list(found.values())


def edition_data(pack: str, revision: str) -> Mapping[str, Any]:
    """Return all data of an edition: its terms, and under `about` its data about each subject.

    The pack is named by its id or its letter. Raises Unanswerable.
    """
    for edition in all_editions():
        if pack in (edition.pack, edition.letter) and edition.revision == revision:
            return {
                **_toml(edition.pack, f"{revision}.toml"),
                "about": _beside(edition.pack, revision),
            }
    raise Unanswerable("unknown_revision", f"pack {pack!r} has no edition {revision!r}")


def _beside(pack: str, revision: str) -> dict[str, Any]:
    folder = _PACKS / pack / revision
    if not folder.is_dir():
        return {}
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): _toml(pack, revision, name) for name in names}


@cache
def _toml(*path: str) -> Mapping[str, Any]:
    return tomllib.loads(_PACKS.joinpath(*path).read_text(encoding="utf-8"))
