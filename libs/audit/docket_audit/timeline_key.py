"""The colours of the timeline and what each means: one colour, one meaning, in every lane."""

from collections.abc import Mapping
from typing import NamedTuple

from docket_lifecycle.state.ticket import Side, Status
from docket_policies.terms.clock_states import CLOCK_STATES, COLOURS, ClockState
from docket_simulation.pictures.clock_picture import LATE, OPEN, QUIET

INK, NOTICE, PALE, OBJECTIONS = "#1a202c", "#4a5568", "#b6bfcc", "#90cdf4"

OF_STATUS: Mapping[Status, str] = {
    Status.OPEN: "#2b6cb0",
    Status.SUSPENDED: COLOURS["suspended"],
    Status.CLOSING: "#9a3412",
    Status.CLOSED: "#64748b",
    Status.FINAL: "#334155",
    Status.REVOKED: "#97266d",
    Status.REJECTED: "#7f1d1d",
    Status.MERGED: "#3f6212",
}
OF_SIDE: Mapping[Side, str] = {"provider": "#0e7490", "user": "#a16207"}
OF_STATE: Mapping[ClockState, str] = {state: COLOURS.get(state, QUIET) for state in CLOCK_STATES}
OF_ACTOR: Mapping[str, str] = {
    "customer": OF_SIDE["user"],
    "agent": OF_SIDE["provider"],
    "product_team": "#be185d",
}
OF_OTHERS = "#71717a"


class Key(NamedTuple):
    """One line of the legend: a colour and what it means, in the lane where it is first drawn."""

    lane: str
    word: str
    colour: str


def _keys() -> tuple[Key, ...]:
    """Return all keys in the order of the lanes."""
    keys = [
        *(Key("state", status.replace("_into", ""), OF_STATUS[status]) for status in Status),
        *(Key("with whom", f"the {side}", colour) for side, colour in OF_SIDE.items()),
        Key("clock", "open hours", OPEN),
        *(Key("clock", state.replace("_", " "), colour) for state, colour in COLOURS.items()),
        Key("clock", "no term runs", QUIET),
        Key("clock", "due, and a bar while overdue", LATE),
        Key("notices", "notice sent", NOTICE),
        Key("objections", "objections possible", OBJECTIONS),
        Key("events", "a product team", OF_ACTOR["product_team"]),
        Key("events", "others", OF_OTHERS),
        Key("events", "not there at this point", PALE),
        Key("all lanes", "the point asked for", INK),
    ]
    return tuple({key.colour: key for key in reversed(keys)}.values())[::-1]


KEYS = _keys()


def legend(drawn: str) -> tuple[Key, ...]:
    """Return the keys of the colours that a timeline has drawn."""
    return tuple(key for key in KEYS if f'"{key.colour}"' in drawn)
