"""Versions of a product and the days on which they were released, as a question names them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from docket_policies.eligibility.question import Question, Unanswerable

_VERSION = re.compile(r"(\d+(?:\.\d+)*)\s*-?\s*(b|beta)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version number in order: 2.10 is later than 2.4, a beta earlier than its stable version."""

    number: tuple[int, ...]
    stable: bool


@dataclass(frozen=True, slots=True)
class Release:
    """A version that came out on a day."""

    version: Version
    released: date


def read_version(text: str) -> Version:
    """Return a version; a `b` at the end marks a beta. Raises Unanswerable."""
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        raise Unanswerable("field_wrong", f"version {text!r} is no version; give one like 6.92b")
    numbers = [int(part) for part in match[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return Version(tuple(numbers), match[2] is None)


def read_releases(question: Question) -> tuple[Release, ...]:
    """Return the releases that a question names, oldest version first.

    `releases` is a list of tables with `version`, `released` and, where the version has no `b`,
    `channel` (`stable` or `beta`); or a table from version to date. Raises Unanswerable.
    """
    told = question.raw("releases")
    rows: Iterable[Question]
    if isinstance(told, Mapping):
        rows = [Question({"version": v, "released": day}) for v, day in told.items()]
    else:
        rows = question.rows("releases")
    return tuple(sorted((_release(row) for row in rows), key=lambda release: release.version))


def release_of(installed: Version, releases: Iterable[Release]) -> Release | None:
    """Return the release of an installed version, None when it was never released."""
    same = [release for release in releases if release.version.number == installed.number]
    for release in same:
        if release.version == installed:
            return release
    return same[0] if same else None


def _release(row: Question) -> Release:
    version = read_version(row.text("version"))
    channel: Any = row.text("channel", "stable" if version.stable else "beta")
    if channel not in ("stable", "beta"):
        raise Unanswerable("field_wrong", f"channel {channel!r}: give stable or beta")
    day = next((key for key in ("released", "date", "release_date") if row.says(key)), "released")
    return Release(Version(version.number, channel == "stable"), row.day(day))
