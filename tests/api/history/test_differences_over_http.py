"""Two points of the past compared over HTTP, what set a field, and why."""

from typing import Any

import jsonpatch
import pytest


async def test_a_difference_names_fields_and_the_events_that_set_them(late_information, auditor):
    answer = (await auditor.get(f"{late_information}/diff", **{"from": "4", "to": "6"})).json()

    by = {each["field"]: each for each in answer["changes"]}
    waiting = by["/waiting_for"]
    assert (waiting["before"], waiting["after"]) == ("user", "provider")
    assert (waiting["event"]["version"], waiting["event"]["actor"]["id"]) == (6, "ann")
    assert by["/information_requests/0/answer"]["after"] == "given"
    assert by["/clock/clock_state"]["after"] == "running"
    assert "/priority" not in by


async def test_what_was_believed_differs_from_what_is_known(late_answer, auditor):
    noon = "2026-06-09T17:00:00Z"
    asked = {"from": noon, "to": noon, "from_known_at": noon}
    answer = (await auditor.get(f"{late_answer}/diff", **asked)).json()

    by = {each["field"]: each for each in answer["changes"]}
    assert (by["/clock/overdue"]["before"], by["/clock/overdue"]["after"]) == (True, False)
    assert by["/clock/overdue"]["event"]["type"] == "ResponseSent"
    assert by["/clock/clock_state"]["after"] == "satisfied"


async def test_the_difference_as_json_patch_makes_the_one_of_the_other(late_information, auditor):
    """RFC 6902."""
    accept = {"Accept": "application/json-patch+json"}
    path = f"{late_information}/diff"

    forth = await auditor.get(path, accept, **{"from": "4", "to": "6"})
    back = await auditor.get(path, accept, **{"from": "6", "to": "4"})

    assert forth.headers["Content-Type"] == "application/json-patch+json"
    assert {"op": "replace", "path": "/waiting_for", "value": "provider"} in forth.json()
    state = (await auditor.get(late_information, as_of="4")).json()
    ours = [step for step in forth.json() if not step["path"].startswith(("/clock", "/work"))]
    undo = [step for step in back.json() if not step["path"].startswith(("/clock", "/work"))]
    assert jsonpatch.apply_patch(jsonpatch.apply_patch(state, ours), undo) == state


async def test_two_equal_points_do_not_differ(late_answer, auditor):
    answer = (await auditor.get(f"{late_answer}/diff", **{"from": "4", "to": "v4"})).json()

    assert answer["changes"] == []


@pytest.mark.parametrize(
    ("field", "value", "version"),
    [
        ("priority", "High", 2),
        ("/waiting_for", "user", 5),
        ("clock.clock_state", "satisfied", 5),
        ("clock.deadline", "2026-06-09T16:00:00Z", 3),
        ("product", "VMmanager 6", 1),
    ],
)
async def test_a_field_is_explained_by_the_event_that_set_it(
    late_answer, auditor, field: str, value: Any, version: int
):
    told = (await auditor.get(f"{late_answer}/explain", field=field)).json()

    assert (told["value"], told["event"]["version"]) == (value, version)


async def test_a_field_is_explained_as_of_a_point(late_answer, auditor):
    told = (await auditor.get(f"{late_answer}/explain", field="waiting_for", as_of="3")).json()

    assert (told["value"], told["event"]["type"]) == ("provider", "TicketCreated")


async def test_why_gives_every_line_its_event_actor_and_clause(late_answer, auditor):
    told = (await auditor.get(f"{late_answer}/why")).json()

    (turn,) = told["deadlines"]
    assert sum(span["counted_s"] for span in turn["spans"]) == turn["consumed_s"]
    assert all(span["says"] and span["clause"] and span["event"] for span in turn["spans"])
    (breach,) = told["breaches"]
    assert breach["excuse"]["approver"]["id"] == "ben"
    assert breach["withdrawn"]["type"] == "BreachWithdrawn"
    versions = [event["version"] for group in told["causes"] for event in group["events"]]
    assert versions == [1, 2, 3, 4, 5, 6]


async def test_R_6_5_what_one_command_caused_stands_under_one_correlation(ann, max_):
    ticket = await ann.create()
    await max_.tell(ticket, "prioritize", priority="High", reason="many nodes")

    told = (await ann.get(f"/v1/tickets/{ticket['id']}/why")).json()

    assert [[each["type"] for each in group["events"]] for group in told["causes"]] == [
        ["TicketCreated"],
        ["PriorityChanged"],
    ]
