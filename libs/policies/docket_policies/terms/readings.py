"""How a pack reads the clauses that can be read in more than one way.

Each reading that can change a number is a field with its possible values and the id of the
ambiguity (C-nn). Another reading is a new version in the pack's data: a ticket keeps the version
that was current when it was created (decision 0028).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one edition; the comment of a field names its ambiguity."""

    start: Literal["registration_notice", "first_message"]  # C-01
    info: Literal["restart", "resume"]  # C-02
    pause: Literal["clock_seconds", "wall_time"]  # C-03
    overlap: Literal["union", "sum"]  # C-03
    upload: Literal["end_of_transfer", "message"]  # C-05
    comment: Literal["ignored", "restart"]  # C-06
    suspend: Literal["restart", "resume"]  # C-07
    split: Literal["newest_part", "parent"]  # C-08
    merge: Literal["latest_source", "merge", "earliest_source"]  # C-08
    priority: Literal["anchored", "stopwatch", "restart"]  # C-09
    pt: Literal["switch", "ignore", "recount"]  # C-11
    channel: Literal["client_area", "any"]  # C-18
    days: Literal["from_date", "from_moment", "business_days"]  # C-20, C-33
    forward: Literal["ends_all", "ends_response"]  # C-34
    agreed: Literal["prevails", "yields"]  # C-11
    answered: Literal["frozen", "rejudged"]  # C-55
    rejected: Literal["vendor_time_apart", "literal"]  # C-56
    refused: Literal["same_ticket", "any_ticket"]  # C-57
    individual: Literal["lengthened", "fixed"]  # C-58
    ended: Literal["everything", "waits"]  # C-61
    void: Literal["ticket", "turn"]  # C-63
    silence: Literal["nothing_awaited", "any"]  # C-64
    resumed: Literal["as_it_was", "new_turn"]  # C-65


AMBIGUITY: Mapping[str, str] = {
    "start": "C-01",
    "info": "C-02",
    "pause": "C-03",
    "overlap": "C-03",
    "upload": "C-05",
    "comment": "C-06",
    "suspend": "C-07",
    "split": "C-08",
    "merge": "C-08",
    "priority": "C-09",
    "pt": "C-11",
    "channel": "C-18",
    "days": "C-20",
    "forward": "C-34",
    "agreed": "C-11",
    "answered": "C-55",
    "rejected": "C-56",
    "refused": "C-57",
    "individual": "C-58",
    "ended": "C-61",
    "void": "C-63",
    "silence": "C-64",
    "resumed": "C-65",
}
"""The ambiguity that each reading settles."""

ALLOWED: Mapping[str, tuple[str, ...]] = {
    name: get_args(hint) for name, hint in get_type_hints(Readings).items()
}
"""The possible values of each reading."""

_FIRST: Mapping[str, Any] = {name: allowed[0] for name, allowed in ALLOWED.items()}

UNREAD = Readings(**_FIRST)
"""The readings of terms without a clock, in which there is nothing that could be read otherwise."""
