"""The past over HTTP: two axes, differences, what set a field, and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chronicle import Chronicle
from docket_events.ticket import ResponseSent
from late_evidence import TICKETS, write
from people import created

CASES = [
    pytest.param(name, as_of, known_at, id=f"{name}-as_of-{as_of}-known_at-{known_at}")
    for name, told in TICKETS.items()
    for as_of, known_at in told.answers
]


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
