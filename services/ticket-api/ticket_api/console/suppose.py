"""The page of suppositions: its form read, the log judged, the result drawn."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request

from docket_audit.extent import extent
from docket_events.instants import read_instant
from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.calendar_files import calendar_names
from docket_policies.terms.loader import revisions, service_levels
from docket_policies.terms.readings import ALLOWED
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import picture as drawn
from ticket_api.analysis.pool import as_it_is, pool_of
from ticket_api.console.pages import picture
from ticket_api.http.problems import Problem
from ticket_api.http.query import refuse_empty_period
from ticket_api.http.runtime import runtime_of

FIELDS = ("reading", "targets", "level", "calendar", "since", "until", "most")
USUAL, MOST = 50, 1000
ORDER = "in the order of the log"
REST = "more of them here, or docket whatif --most"


async def answered(http: Request, asked: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the values of the result; raise Problem 422 for what cannot be supposed, or 503."""
    if not any(asked[name] for name in FIELDS if name != "most"):
        return {"tally": None}
    try:
        supposed = _supposed(asked)
        since, until = (_instant(asked[name]) for name in ("since", "until"))
        most = _most(asked["most"])
    except Unanswerable as wrong:
        raise Problem(422, wrong.code, wrong.detail) from None
    except ValueError as wrong:
        raise Problem(422, "malformed", str(wrong)) from None
    refuse_empty_period(since, until)
    now = runtime_of(http).clock.now()
    tally = await pool_of(http).what_if(supposed, (since, until), now, most, as_it_is)
    return {
        "tally": tally,
        "supposed": supposed.label,
        "picture": picture(drawn(supposed.label, tally)) if tally.changed else "",
        "kinds": [
            (kind, shown, extent(len(shown), sum(counts.values()), order=ORDER, rest=REST))
            for kind, shown, counts in (
                ("appear", tally.appearing, tally.appeared),
                ("vanish", tally.vanishing, tally.vanished),
            )
        ],
    }


def asked_of(http: Request) -> dict[str, str | None]:
    """Return what the form holds."""
    return {name: http.query_params.get(name, "").strip() or None for name in FIELDS}


def choices() -> dict[str, Any]:
    """Return what the form offers."""
    readings = [f"{name}={value}" for name, values in ALLOWED.items() for value in values]
    return {
        "readings": _options(readings),
        "editions": _options(revisions()),
        "levels": _options(service_levels()),
        "calendars": _options(calendar_names()),
        "usual": USUAL,
        "most": MOST,
    }


def _options(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _supposed(asked: Mapping[str, str | None]) -> Supposition:
    name, _, value = (asked["reading"] or "").partition("=")
    return Supposition(
        readings={name: value} if name else {},
        targets=asked["targets"],
        level=asked["level"],
        calendar=asked["calendar"],
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else read_instant(text)


def _most(text: str | None) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
        raise ValueError(f"{text[:20]!r} is no number of changes to name: 1 to {MOST:,}")
    return int(text)
