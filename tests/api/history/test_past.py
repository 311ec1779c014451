"""The past over HTTP: two axes, differences, what set a field, and why."""

from datetime import UTC, datetime
from typing import Any

import jsonpatch
import pytest

from chronicle import Chronicle
from docket_events.ticket import ResponseSent
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from late_evidence import LATE_ANSWER, LATE_INFORMATION, NOW, TICKETS, write
from people import created

CASES = [
    pytest.param(name, as_of, known_at, id=f"{name}-as_of-{as_of}-known_at-{known_at}")
    for name, told in TICKETS.items()
    for as_of, known_at in told.answers
]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask a week later, when all the evidence has come."""
    still = f"warp:{NOW}Z@{wall_clock().isoformat()}x0.000001"
    return settings.model_copy(update={"clock": still})


@pytest.fixture
def auditor(as_):
    return as_("auditor", "iris")


@pytest.fixture
async def late_answer(database) -> str:
    return f"/v1/tickets/{await write(database.url(), LATE_ANSWER)}"


@pytest.fixture
async def late_information(database) -> str:
    return f"/v1/tickets/{await write(database.url(), LATE_INFORMATION)}"


@pytest.mark.parametrize(("name", "as_of", "known_at"), CASES)
async def test_as_of_and_known_at_give_the_right_answer(
    database, auditor, name: str, as_of: str, known_at: str
):
    """R-1.14, R-6.9-b, C-09: the same four answers as the core gives."""
    told = TICKETS[name]
    path = f"/v1/tickets/{await write(database.url(), told)}"
    right = told.answers[as_of, known_at]

    ticket = (await auditor.get(path, as_of=as_of, known_at=known_at)).json()
    clock = (await auditor.get(f"{path}/clock", at=as_of, known_at=known_at)).json()
    replay = (await auditor.get(f"{path}/replay", as_of=as_of, known_at=known_at)).json()

    for state, counted in (
        (ticket, clock["response_clock"]),
        (replay["ticket"], replay["response_clock"]),
    ):
        seen = {**counted, "waiting_for": state["waiting_for"]}
        seen["close"] = closing_for_silence(replay["rights"]["agent"])
        assert {key: seen[key] for key in right} == right
    assert replay["point"]["at"] == clock["at"] == as_of


def closing_for_silence(rights: list[dict[str, Any]]) -> str:
    (close,) = (each for each in rights if each["verb"] == "close")
    return "allowed" if "info_not_provided" in close["choices"].get("reason", ()) else "refused"


async def test_a_version_is_the_ticket_at_that_version(late_information, auditor):
    for version, waiting in ((3, "provider"), (4, "user"), (6, "provider")):
        for name in (str(version), f"v{version}"):
            answer = await auditor.get(late_information, as_of=name)
            assert answer.headers["ETag"] == f'"{version}"'
            assert (answer.json()["version"], answer.json()["waiting_for"]) == (version, waiting)


async def test_the_present_is_the_point_without_coordinates(late_information, auditor):
    now = (await auditor.get(late_information)).json()
    replay = (await auditor.get(f"{late_information}/replay")).json()

    assert replay["ticket"]["version"] == now["version"] == 6
    assert [each["version"] for each in replay["point"]["late"]] == [6]


async def test_a_replay_names_the_terms_pinned_at_creation(late_answer, auditor):
    """R-2.2, C-25."""
    terms = (await auditor.get(f"{late_answer}/replay", as_of="3")).json()["terms"]

    assert (terms["pack"], terms["revision"]) == ("regulations", "R-2025-03-27")
    assert terms["targets"]["High"] == {
        "budget_s": 16 * 3600,
        "calendar": "R_BH",
        "clause": "R-6.7-HIGH",
    }
    assert terms["readings"]["priority"] == {"reading": "anchored", "ambiguity": "C-09"}
    assert [each["name"] for each in terms["calendars"]] == ["ALWAYS", "R_BH"]


async def test_a_replay_tells_what_it_leaves_out(late_information, auditor):
    point = {"as_of": "2026-06-10T13:00:00Z", "known_at": "2026-06-12T08:00:00Z"}
    seen = (await auditor.get(f"{late_information}/replay", **point)).json()["point"]

    assert seen["counted"] == 4
    assert [each["type"] for each in seen["ahead"]] == ["InformationDeadlinePassed"]
    assert [each["type"] for each in seen["unknown"]] == ["InformationProvided"]


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


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({"as_of": "0"}, 404, "nothing_yet"),
        ({"as_of": "99"}, 404, "nothing_yet"),
        ({"as_of": "2026-06-01T00:00:00Z"}, 404, "nothing_yet"),
        ({"known_at": "2026-06-01T00:00:00Z"}, 404, "nothing_yet"),
        ({"as_of": "yesterday"}, 422, "malformed"),
        ({"as_of": "2026-06-09T00:00:00"}, 422, "malformed"),
        ({"as_of": "-1"}, 422, "malformed"),
        ({"known_at": "2026-06-09T00:00:00"}, 422, "malformed"),
        ({"as_of": "0001-01-01T00:00:00+23:59"}, 422, "malformed"),
    ],
)
async def test_a_point_that_is_none_is_refused(late_answer, auditor, question, status, code):
    for path in (late_answer, f"{late_answer}/replay", f"{late_answer}/why"):
        answer = await auditor.get(path, **question)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_an_unknown_field_and_a_year_without_holidays_have_no_answer(late_answer, auditor):
    field = await auditor.get(f"{late_answer}/explain", field="colour")
    year = await auditor.get(f"{late_answer}/clock", at="2099-01-01T00:00:00Z")

    assert (field.status_code, field.json()["code"]) == (404, "unknown_field")
    assert (year.status_code, year.json()["code"]) == (409, "calendar_year_missing")


async def test_the_past_of_another_account_looks_like_a_missing_ticket(ann, eve, late_answer):
    questions: list[tuple[str, dict[str, str]]] = [
        ("", {}),
        ("/replay", {}),
        ("/diff", {"from": "1"}),
        ("/explain", {"field": "priority"}),
        ("/why", {}),
    ]
    for path, question in questions:
        assert (await ann.get(late_answer + path, **question)).status_code == 200
        assert (await eve.get(late_answer + path, **question)).status_code == 404


async def test_a_customer_sees_the_past_without_what_the_desk_keeps(ann, max_):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}"
    assert (await max_.tell(ticket, "note", text="A known fault.")).status_code == 200
    urgent = await max_.tell(ticket, "prioritize", priority="High", reason="many nodes")
    assert urgent.status_code == 200

    seen = (await ann.get(f"{path}/replay")).json()
    full = (await max_.get(f"{path}/replay")).json()

    assert (seen["point"]["counted"], full["point"]["counted"]) == (2, 3)
    assert (seen["ticket"]["version"], seen["ticket"]["priority"]) == (3, "High")
    assert (set(seen["rights"]), set(full["rights"])) == (
        {"customer"},
        {"customer", "agent", "product_team"},
    )
    told = (await ann.get(f"{path}/why")).text + (
        await ann.get(f"{path}/diff", **{"from": "1"})
    ).text
    assert "InternalNoteAdded" not in told
    believed = (await ann.get(path, as_of="2")).json()
    assert (believed["version"], believed["priority"]) == (1, "Low")


async def test_a_customer_is_not_shown_the_warnings_of_the_desk(late_information, ann, auditor):
    for path in (f"{late_information}/clock", f"{late_information}/replay"):
        names = {
            who: {each["name"] for each in (await api.get(path)).json()["deadlines"]}
            for who, api in (("customer", ann), ("auditor", auditor))
        }
        assert names["auditor"] - names["customer"] == {"ResponseDueSoon"}


async def test_what_was_imported_is_late_by_years_and_known_only_since(database, auditor):
    chronicle = Chronicle(database.url(), "2026-06-10T00:00:00")
    ticket = await chronicle.ticket(
        ("2026-01-05T09:00:00", created()), ("2026-01-05T10:00:00", ResponseSent())
    )
    path = f"/v1/tickets/{ticket}"

    then = await auditor.get(path, as_of="2026-01-05T09:30:00Z")
    believed = await auditor.get(path, known_at="2026-06-09T00:00:00Z")

    assert then.json()["version"] == 1
    assert believed.json()["code"] == "nothing_yet"
    assert datetime.fromisoformat(then.json()["created_at"]) == datetime(2026, 1, 5, 9, tzinfo=UTC)
