"""The auditor's questions over many tickets: the log by position, pauses, breaches, timers."""

from uuid import UUID

import asyncpg
import pytest

from chronicle import Chronicle, utc
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import ResponseSent, UserCommented
from docket_policies.deadlines.timer import Timer
from docket_runtime.settings import Settings
from docket_runtime.store import timers
from late_evidence import LATE_ANSWER, LATE_INFORMATION, NOW, write_all
from people import created
from stopped_clock import stopped_at


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"clock": stopped_at(f"{NOW}Z")})


@pytest.fixture
async def two(database) -> list[str]:
    ids = await write_all(database.url(), {"1": LATE_ANSWER, "2": LATE_INFORMATION})
    return [str(ids["1"]), str(ids["2"])]


async def test_the_log_is_told_by_position_page_by_page(two, auditor):
    seen, after, more = [], "0", True
    while more:
        page = (await auditor.get("/v1/audit/events", after=after, limit=5)).json()
        seen += page["items"]
        after, more = page["next_after"], page["more"]

    assert [each["position"] for each in seen] == list(range(1, 13))
    assert {each["ticket_id"] for each in seen} == set(two)
    assert seen[0]["type"] == "TicketCreated"
    assert seen[0]["data"]["account_id"] == "acme"
    assert len(bytes.fromhex(seen[0]["hash"])) == 32
    end = (await auditor.get("/v1/audit/events", after=after)).json()
    assert end == {"items": [], "next_after": after, "more": False}


async def test_a_position_alone_is_a_place_too(two, auditor):
    page = (await auditor.get("/v1/audit/events", after="10")).json()

    assert [each["position"] for each in page["items"]] == [11, 12]


async def test_a_negative_position_counts_from_the_end(two, auditor):
    for after, seen in (("-2", [11, 12]), ("-99", list(range(1, 13)))):
        page = (await auditor.get("/v1/audit/events", after=after)).json()
        assert [each["position"] for each in page["items"]] == seen


async def test_the_log_can_be_filtered_by_type_and_actor(two, auditor):
    by_type = (await auditor.get("/v1/audit/events", type="BreachWithdrawn")).json()
    by_actor = (await auditor.get("/v1/audit/events", actor="ann")).json()

    assert [each["ticket_id"] for each in by_type["items"]] == [two[0]]
    assert {each["actor"]["id"] for each in by_actor["items"]} == {"ann"}


async def test_places_of_no_log_are_refused(two, auditor):
    for after, status in (("x", 422), ("00000000-0.1", 410), ("13", 422)):
        answer = await auditor.get("/v1/audit/events", after=after)
        assert answer.status_code == status, after


async def test_C_16_pauses_are_told_by_agent_and_by_team_with_their_events(two, auditor):
    report = (await auditor.get("/v1/audit/pauses", **{"from": "2026-06-01T00:00:00Z"})).json()

    (pause,) = report["pauses"]
    assert (pause["ticket_id"], pause["number"], pause["state"]) == (two[1], "2", "waiting_user")
    assert (pause["event"]["version"], pause["clause"]) == (4, "R-6.8-a")
    assert pause["says"]
    assert pause["held_s"] == 50 * 3600  # Monday 10:00 to Wednesday 12:00
    assert pause["gained_s"] == (8 + 9 + 3) * 3600
    assert pause["forgiven_s"] == 3600
    (agent,), (team,) = report["by_agent"], report["by_team"]
    assert (agent["who"], agent["gained_s"]) == ("agent:ben", pause["gained_s"])
    assert (team["who"], team["pauses"]) == ("desk", 1)
    assert report["tickets"] == 2


async def test_a_pause_belongs_to_the_period_in_which_it_began(two, auditor):
    async def began(**period: str) -> int:
        return len((await auditor.get("/v1/audit/pauses", **period)).json()["pauses"])

    at = "2026-06-08T10:00:00Z"
    assert await began(**{"from": at}) == 1
    assert await began(**{"from": "2026-06-01T00:00:00Z", "to": at}) == 0
    assert await began(**{"from": "2026-06-08T10:00:01Z"}) == 0


async def test_C_09_breaches_stand_beside_their_excuses_and_both_figures_stay(
    database, two, auditor
):
    chronicle = Chronicle(database.url(), "2026-06-14T12:00:00")
    await chronicle.ticket(
        ("2026-06-01T09:00:00", created(number="3")),
        ("2026-06-01T09:00:00", UserCommented()),
        ("2026-06-12T09:00:00", ResponseSent()),
    )

    report = (await auditor.get("/v1/audit/breaches")).json()

    assert report["figures"] == {"breaches": 2, "told": 1, "standing": 1, "excused": 1, "untold": 1}
    by_number = {each["number"]: each for each in report["breaches"]}
    excused, untold = by_number["1"], by_number["2"]
    assert (excused["stands"], excused["told_due_at"]) == (False, "2026-06-09T16:00:00Z")
    assert excused["excuse"]["event"]["type"] == "ResponseSent"
    assert excused["excuse"]["approver"] == {"kind": "agent", "id": "ben", "on_behalf_of": None}
    assert excused["withdrawn"]["version"] == 6
    assert (untold["told"], untold["stands"]) == (None, True)


async def test_R_7_2_an_excuse_of_an_agent_stands_beside_the_breach_it_leaves(
    database, auditor, as_
):
    chronicle = Chronicle(database.url(), "2026-06-14T12:00:00")
    notice = RegistrationNoticeSent(utc("2026-06-01T09:00:00"), UUID(int=1))
    ticket = await chronicle.ticket(
        ("2026-06-01T09:00:00", created()),
        ("2026-06-01T09:00:00", notice),
        ("2026-06-12T09:00:00", ResponseSent()),
    )
    path, olga = f"/v1/tickets/{ticket}", as_("agent", "olga")
    clock = (await auditor.get(f"{path}/clock")).json()["response_clock"]

    excuse = {"turn": 1, "reason": "force_majeure", "approver": "max"}
    answer = await olga.post(f"{path}/excuse-breach", excuse)

    assert answer.status_code == 200, answer.text
    report = (await auditor.get("/v1/audit/breaches")).json()
    assert report["figures"] == {
        "breaches": 1, "told": 0, "standing": 0, "excused": 1, "untold": 1,
    }  # fmt: skip  # the figures of one report
    (breach,) = report["breaches"]
    assert (breach["stands"], breach["breached_at"]) == (False, clock["turns"][0]["breached_at"])
    assert breach["excuse"]["event"]["actor"]["id"] == "olga"
    assert breach["excuse"]["approver"] == {"kind": "agent", "id": "max", "on_behalf_of": None}
    assert (breach["excuse"]["reason"], breach["excuse"]["clause"]) == ("force_majeure", "R-7.2-c")
    assert (await auditor.get(f"{path}/clock")).json()["response_clock"] == clock
    (told,) = (await auditor.get(f"{path}/why")).json()["breaches"]
    assert told["excuse"] == breach["excuse"]


async def test_the_timers_are_told_the_next_one_first(database, two, auditor):
    connection = await Chronicle(database.url(), NOW).database.connect()
    due = utc("2026-06-20T00:00:00")
    armed = [
        Timer("ResponseOverdue", "1", utc("2026-06-20T00:00:01"), "R-6.7-LOW", due),
        Timer("ResponseDueSoon", "1", utc("2026-06-19T00:00:00"), "R-6.7-LOW", due),
    ]
    try:
        await timers.replace_many(connection, 0, "sla-clock", {UUID(two[0]): (6, armed)})
    finally:
        await connection.close()

    all_of_them = (await auditor.get("/v1/audit/timers")).json()["items"]
    soon = (await auditor.get("/v1/audit/timers", due_before="2026-06-19T00:00:01Z")).json()

    assert [each["name"] for each in all_of_them] == ["ResponseDueSoon", "ResponseOverdue"]
    assert (all_of_them[0]["number"], all_of_them[0]["clause"]) == ("1", "R-6.7-LOW")
    assert [each["name"] for each in soon["items"]] == ["ResponseDueSoon"]
    assert (await auditor.get("/v1/audit/timers", owner="notifier")).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("events", {"limit": "0"}),
        ("pauses", {"from": "2026-06-08T00:00:00"}),
        ("timers", {"due_before": "2026-06-08T00:00:00"}),
    ],
)
async def test_a_malformed_question_is_422(auditor, path, question):
    answer = await auditor.get(f"/v1/audit/{path}", **question)

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_a_period_with_too_many_tickets_is_refused(two, auditor, monkeypatch):
    monkeypatch.setattr("ticket_api.audit.period.MOST_TICKETS", 1)

    answer = await auditor.get("/v1/audit/breaches")

    assert (answer.status_code, answer.json()["code"]) == (409, "period_too_long")


async def test_customers_ask_nothing_about_the_tickets_of_all(ann):
    for path in ("events", "pauses", "breaches", "timers"):
        answer = await ann.get(f"/v1/audit/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"from": "2026-06-09T00:00:00Z", "to": "2026-06-08T00:00:00Z"}, "empty_period"),
        ({"from": "2026-06-09T00:00:00Z", "to": "2026-06-09T00:00:00Z"}, "empty_period"),
        ({"from": "2026-07-01T00:00:00Z"}, "empty_period"),  # behind the present
        ({"to": "0001-01-01T00:00:00Z"}, "empty_period"),
        ({"account": "nosuch"}, "unknown_account"),
    ],
)
@pytest.mark.parametrize("report", ["pauses", "breaches"])
async def test_a_report_that_cannot_have_anything_is_refused(two, auditor, report, question, code):
    answer = await auditor.get(f"/v1/audit/{report}", **question)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_timers_that_are_left_out_are_counted(two, auditor, database):
    connection = await asyncpg.connect(database.url())
    for key in "abc":
        await connection.execute(
            "insert into docket.timers (partition, ticket_id, name, key, owner, fires_at, version)"
            " values (0, $1, 'ResponseOverdue', $2, 'sla-clock', now(), 1)",
            two[0],
            key,
        )
    await connection.close()

    some = (await auditor.get("/v1/audit/timers", limit=2)).json()
    none = (await auditor.get("/v1/audit/timers", owner="notifier")).json()

    assert (len(some["items"]), some["total"]) == (2, 3)
    assert none == {"items": [], "total": 0}
    assert (await auditor.get("/v1/audit/timers", owner="nobody")).status_code == 422
