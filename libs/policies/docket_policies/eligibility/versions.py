"""Which installed versions are supported: windows over the releases known on the ticket's day.

A product has one window. There are three kinds of window: updates issued up to a cut-off, the
latest stable versions with the betas between them, and all from a lowest version on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, assert_never, get_args

from docket_policies.calendars.time_arithmetic import months_later
from docket_policies.eligibility.finding import Finding
from docket_policies.eligibility.question import Question
from docket_policies.eligibility.releases import (
    Release,
    Version,
    read_releases,
    read_version,
    release_of,
)
from docket_policies.terms.editions import Edition, data_of
from docket_policies.terms.table import Table

Cutoff = Literal["installed_up_to", "issued_since"]


@dataclass(frozen=True, slots=True)
class UpdatesUntil:
    """Updates issued up to a number of months before the ticket are installed (C-27: `read`)."""

    months: int
    read: Cutoff
    clause: str


@dataclass(frozen=True, slots=True)
class LatestStable:
    """A number of latest stable versions; betas from the day of the penultimate stable one on."""

    stable: int
    betas: bool
    clause: str


@dataclass(frozen=True, slots=True)
class Lowest:
    """This version and every later one; for an older one the answer has an advice."""

    version: Version
    advice: str
    clause: str


Window = UpdatesUntil | LatestStable | Lowest


@dataclass(frozen=True, slots=True)
class Versions:
    """The windows of an edition by product; `product` is the one where a question names none."""

    product: str | None
    windows: Mapping[str, Window]
    says: Mapping[str, str]
    examples: Mapping[str, tuple[Mapping[str, Any], ...]]


def version_finding(question: Question, versions: Versions) -> Finding | None:
    """Return whether the installed version is inside its product's window, None without one."""
    product = question.text("product", versions.product)
    window = versions.windows.get(product)
    if window is None:
        return None
    inside, more = _inside(window, read_version(question.text("installed")), question)
    return Finding(inside, window.clause, more, "version", versions.says[product])


def _inside(
    window: Window, installed: Version, question: Question
) -> tuple[bool, Mapping[str, Any]]:
    match window:
        case Lowest():
            inside = installed.number >= window.version.number
            return inside, {"advice": None if inside else window.advice}
        case UpdatesUntil():
            cutoff = months_later(question.judged_on(), -window.months)
            inside = _updated(installed, read_releases(question), cutoff, window.read)
            return inside, {"cutoff": cutoff.isoformat()}
        case LatestStable():
            known = [r for r in read_releases(question) if r.released <= question.judged_on()]
            return _among_latest(installed, known, window), {}
        case _:
            assert_never(window)


def _updated(installed: Version, releases: tuple[Release, ...], cutoff: date, read: Cutoff) -> bool:
    match read:
        case "installed_up_to":
            owed = [release.version for release in releases if release.released <= cutoff]
            return all(version <= installed for version in owed)
        case "issued_since":
            release = release_of(installed, releases)
            return release is not None and release.released >= cutoff
        case _:
            assert_never(read)


def _among_latest(installed: Version, known: list[Release], window: LatestStable) -> bool:
    release = release_of(installed, known)
    stable = [r for r in known if r.version.stable]
    if release is None or not stable:
        return False
    if release.version.stable:
        return release in stable[-window.stable :]
    penultimate = stable[-2:][0]
    return window.betas and release.released >= penultimate.released


@cache
def versions_of(edition: Edition) -> Versions | None:
    """Return the version windows of an edition, None when it has none; raise BadPack."""
    table = data_of(edition, "versions")
    return None if table is None else read_versions(table)


def read_versions(table: Table) -> Versions:
    """Build the windows from their data; raise BadPack with file, key and what to do."""
    windows, says, examples = {}, {}, {}
    for product, row in table.children("windows"):
        windows[product] = _window(row)
        says[product] = row.value("says", str)
        examples[product] = tuple(row.value("examples", list, []))
        if not examples[product]:
            raise row.bad("examples", "a window needs an example: on, releases, supported, refused")
        row.done()
    versions = Versions(table.value("product", str, "") or None, windows, says, examples)
    table.done()
    return versions


def _window(row: Table) -> Window:
    shape = row.value("rule", str)
    match shape:
        case "updates_until":
            read = row.value("read", str)
            for known in get_args(Cutoff):
                if read == known:
                    return UpdatesUntil(_count(row, "months"), known, row.clause())
            raise row.bad("read", f"C-27 is read as one of {', '.join(get_args(Cutoff))}")
        case "latest_stable":
            return LatestStable(_count(row, "stable"), row.value("betas", bool), row.clause())
        case "lowest":
            version = read_version(row.value("version", str))
            return Lowest(version, row.value("advice", str), row.clause())
        case _:
            raise row.bad("rule", "write updates_until, latest_stable or lowest")


def _count(row: Table, key: str) -> int:
    number = row.value(key, int)
    if number <= 0:
        raise row.bad(key, f"{number} is wrong: write a number above 0")
    return number
