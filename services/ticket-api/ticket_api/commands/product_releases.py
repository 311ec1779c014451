"""The releases of each product, by which the version of a new ticket is judged (R-3.2.2, I-8.1).

DOCKET_RELEASES names a JSON file: product -> releases, as the ask `eligibility` takes them. What
was judged is in the ticket's first event, so a later list changes nothing of the past.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
from starlette.requests import Request as HttpRequest

from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.eligibility.releases import read_releases

Releases = Mapping[str, Any]


def load_releases(path: str | None) -> Releases:
    """Return the releases by product, none without a file; raise ValueError for a wrong one."""
    if path is None:
        return {}
    try:
        told = msgspec.json.decode(Path(path).read_bytes(), type=dict[str, Any])
        for releases in told.values():
            read_releases(Question({"releases": releases}))
    except (OSError, msgspec.DecodeError, Unanswerable) as wrong:
        raise ValueError(f"DOCKET_RELEASES: {path}: {wrong}") from None
    return told


def releases_of(http: HttpRequest) -> Releases:
    """Return the releases of the application that got the request."""
    return cast(Releases, http.app.state.releases)
