"""What differs between two points, as fields and as JSON Patch, and which event set a field."""

from collections.abc import Mapping, Sequence
from typing import Any

import jsonpatch
import pytest

from docket_audit.diff import UnknownField, changes, patch, pointer, set_by, value_of
from docket_audit.replay import state
from docket_events.recorded import Recorded
from late_evidence import LATE_ANSWER, LATE_INFORMATION, history_of

BEFORE = {"status": "open", "closing": None, "tags": ["a"], "work": {"team": None}}
AFTER = {
    "status": "closed",
    "closing": {"reason": "resolved", "a/b": 1},
    "tags": ["a", "b"],
    "work": {"team": None},
}


def told(history: Sequence[Recorded]) -> Mapping[str, Any]:
    ticket = state(history[0].ticket_id, history)
    asked = {name: {"answer": each.answer.value} for name, each in ticket.requests.items()}
    return {"priority": ticket.priority, "waiting_for": ticket.waiting_for, "requests": asked}


def test_a_difference_names_every_field_with_both_sides() -> None:
    assert {each.field: (each.before, each.after) for each in changes(BEFORE, AFTER)} == {
        "/closing": (None, None),
        "/closing/a~1b": (None, 1),
        "/closing/reason": (None, "resolved"),
        "/status": ("open", "closed"),
        "/tags/1": (None, "b"),
    }
    assert changes(AFTER, AFTER) == ()


def test_the_patch_makes_the_one_state_of_the_other_rfc_6902() -> None:
    for one, other in ((BEFORE, AFTER), (AFTER, BEFORE)):
        assert jsonpatch.apply_patch(one, patch(one, other)) == other


def test_the_event_that_last_set_a_field() -> None:
    history = history_of(LATE_INFORMATION.story)

    found = set_by(history, told, ["/priority", "/waiting_for", "/requests/q1/answer"])

    assert {field: event.version for field, event in found.items()} == {
        "/priority": 2,
        "/waiting_for": 6,
        "/requests/q1/answer": 6,
    }


def test_a_field_that_nothing_changed_stands_since_the_creation() -> None:
    history = history_of(LATE_ANSWER.story)[:1]

    assert set_by(history, told, ["/priority"])["/priority"].type == "TicketCreated"


def test_a_field_that_an_event_took_away_is_set_by_that_event() -> None:
    history = history_of(LATE_INFORMATION.story)

    def while_open(part: Sequence[Recorded]) -> Mapping[str, Any]:
        asked = told(part)["requests"]
        return {"open": {name: 1 for name, each in asked.items() if each["answer"] != "given"}}

    assert set_by(history, while_open, ["/open/q1"])["/open/q1"].version == 6


def test_an_unknown_field_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownField, match="no field /colour; there is priority, requests"):
        set_by(history_of(LATE_ANSWER.story), told, ["/colour"])


def test_a_field_is_named_by_pointer_or_by_dots() -> None:
    assert pointer("closing.reason") == pointer("/closing/reason") == "/closing/reason"
    assert value_of(AFTER, pointer("closing.reason")) == "resolved"
    assert value_of(AFTER, pointer("nothing.there")) is None
