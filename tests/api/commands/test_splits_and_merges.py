"""Dividing a ticket and combining several over HTTP (R-6.3, I-3.3, C-08, C-23)."""

import asyncio
from uuid import UUID

import pytest

from chronicle import Chronicle, utc
from docket_events.notice import RegistrationNoticeSent
from docket_runtime.new_ids import new_id

UNDER_I = {"product": "VMmanager 6", "edition": "Infrastructure", "service_level": "Standard"}
UNKNOWN = "01990000-0000-7000-8000-000000000000"


async def state(reader, ticket_id):
    answer = await reader.get(f"/v1/tickets/{ticket_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def history(reader, ticket_id):
    return (await reader.get(f"/v1/tickets/{ticket_id}/events", limit=200)).json()["items"]


def split(*parts, reason="two issues"):
    return {"parts": list(parts), "reason": reason}


async def test_R_6_3_a_a_part_is_a_ticket_of_its_own_and_both_sides_say_so(ann, max_):
    ticket = await ann.create()
    parts = split({"subject": "Backups", "description": "They fail.", "priority": "High"}, {})

    answer = await max_.post(f"/v1/tickets/{ticket['id']}/split", parts)

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    first, second = [await state(ann, part) for part in answer.json()["parts"]]
    assert first["split_from"] == second["split_from"] == ticket["id"]
    assert (first["priority"], second["priority"]) == ("High", "Low")
    assert first["subject"]["text"] == "Backups"
    assert first["description"]["text"] == "They fail."
    assert second["subject"]["text"] == "Nodes"
    assert first["account_id"] == ticket["account_id"]
    assert len({ticket["number"], first["number"], second["number"]}) == 3
    rows = (await ann.get("/v1/tickets")).json()["items"]
    assert {row["number"] for row in rows} >= {first["number"], second["number"]}


async def test_R_6_3_a_the_combined_tickets_live_on_in_one(ann, max_):
    target, one, other = [await ann.create() for _ in range(3)]
    await max_.tell(other, "prioritize", priority="High", reason="half of the nodes")

    answer = await max_.tell(target, "merge", sources=[one["id"], other["id"]], reason="one outage")

    merged = answer.json()
    assert (answer.status_code, merged["version"], merged["priority"]) == (200, 2, "High")
    assert merged["sources"] == [one["id"], other["id"]]
    for source in (one, other):
        ended = await state(ann, source["id"])
        assert (ended["status"], ended["merged_into"]) == ("merged_into", target["id"])
        late = await ann.tell(source, "comment", text="and now?")
        assert (late.status_code, late.json()["code"]) == (409, "ticket_merged")


async def test_C_08_open_waits_and_requests_go_on_in_the_combined_ticket(ann, max_):
    target, source = await ann.create(), await ann.create()
    await max_.tell(source, "request-information", items="the log of the node")
    await max_.tell(source, "await-third-party", party="the data centre")
    await max_.tell(source, "link-defect", plan_reference="VM-1")

    merged = (await max_.tell(target, "merge", sources=[source["id"]])).json()

    (asked,) = merged["information_requests"]
    assert asked["answer"] == "awaited"
    assert asked["request"].startswith(f"{source['number']}-")
    assert len(merged["work"]["third_parties"]) == 1
    answered = await ann.tell(
        target, "provide-information", request=asked["request"], text="here it is"
    )
    assert answered.json()["information_requests"][0]["answer"] == "given"


async def test_C_08_the_parts_take_over_what_is_still_awaited(ann, max_):
    ticket = await ann.create()
    await max_.tell(ticket, "declare-cause-unknown", reason="cause_not_established")

    parts = (await max_.tell(ticket, "split", **split({}))).json()["parts"]

    assert (await state(ann, parts[0]))["work"]["cause_unknown"] is True


async def test_R_6_3_b_the_clocks_go_on_after_dividing_and_combining(ann, max_, database):
    log = Chronicle(database.url(), "2026-06-08T12:00:00")
    ticket, source = await ann.create(), await ann.create()
    for each in (ticket, source):
        told = RegistrationNoticeSent(utc("2026-06-08T12:00:00"), new_id())
        await log.then(UUID(each["id"]), ("2026-06-08T12:00:00", told))
    (part,) = (await max_.tell(ticket, "split", **split({"priority": "High"}))).json()["parts"]
    await max_.tell(ticket, "merge", sources=[source["id"]])

    combined, divided, ended = [
        (await ann.get(f"/v1/tickets/{each}/clock")).json()["response_clock"]
        for each in (ticket["id"], part, source["id"])
    ]

    assert (combined["clock_state"], combined["deadline"]) == ("running", "2026-06-11T17:00:00Z")
    assert (divided["clock_state"], divided["deadline"]) == ("running", "2026-06-10T10:00:00Z")
    assert ended["clock_state"] == "closed"


@pytest.mark.parametrize("verb", ["split", "merge"])
async def test_R_6_3_a_the_provider_alone_divides_and_combines(ann, verb):
    ticket, other = await ann.create(), await ann.create()
    body = split({}) if verb == "split" else {"sources": [other["id"]]}

    answer = await ann.post(f"/v1/tickets/{ticket['id']}/{verb}", body)

    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")
    assert answer.json()["clause"] == "R-6.3-a"


async def test_I_3_3_pack_I_divides_and_does_not_combine(ann, max_):
    ticket, other = [await ann.create(**UNDER_I, priority="High") for _ in range(2)]

    divided = await max_.tell(ticket, "split", **split({"priority": "Low"}))
    combined = await max_.tell(ticket, "merge", sources=[other["id"]])

    part = await state(ann, divided.json()["parts"][0])
    assert (part["pack"], part["service_level"]) == ("infrastructure", "Standard")
    assert (combined.status_code, combined.json()["code"]) == (409, "not_in_pack")
    assert combined.json()["clause"] == "I-3.3"


async def test_C_08_tickets_of_different_users_are_not_combined(ann, eve, max_):
    hers, his = await ann.create(), await eve.create()

    by_agent = await max_.tell(hers, "merge", sources=[his["id"]])
    by_ann = await ann.tell(hers, "merge", sources=[his["id"]])
    missing = await max_.tell(hers, "merge", sources=[UNKNOWN])

    assert (by_agent.status_code, by_agent.json()["code"]) == (409, "different_users")
    assert by_agent.json()["clause"] == "R-3.3"
    assert (by_ann.status_code, missing.status_code) == (404, 404)
    assert by_ann.json()["detail"] == missing.json()["detail"]
    assert (await state(ann, hers["id"]))["version"] == 1


async def test_C_08_tickets_under_different_terms_are_not_combined(ann, max_):
    ticket, other = await ann.create(), await ann.create(**UNDER_I, priority="Low")

    answer = await max_.tell(ticket, "merge", sources=[other["id"]])

    assert (answer.status_code, answer.json()["code"]) == (409, "different_packs")
    assert answer.json()["clause"] == "C-08"


async def test_C_08_a_ticket_that_has_ended_is_neither_divided_nor_combined(ann, max_):
    ticket, gone = await ann.create(), await ann.create()
    await ann.tell(gone, "revoke")

    combined = await max_.tell(ticket, "merge", sources=[gone["id"]])
    divided = await max_.tell(gone, "split", **split({}))

    assert {combined.json()["code"], divided.json()["code"]} == {"ticket_revoked"}
    assert (await state(ann, ticket["id"]))["version"] == 1


async def test_a_ticket_is_not_combined_with_itself_or_with_another_twice(ann, max_):
    ticket, other = await ann.create(), await ann.create()

    for sources in ([ticket["id"]], [other["id"], other["id"]]):
        answer = await max_.tell(ticket, "merge", sources=sources)
        assert (answer.status_code, answer.json()["code"]) == (409, "no_other_tickets")


async def test_the_same_merge_again_changes_nothing(ann, max_):
    ticket, other = await ann.create(), await ann.create()
    await max_.tell(ticket, "merge", sources=[other["id"]])

    again = await max_.tell(ticket, "merge", sources=[other["id"]])

    assert (again.status_code, again.json()["version"]) == (200, 2)


async def test_a_repeated_split_makes_its_parts_once(ann, max_):
    ticket = await ann.create()
    path, key = f"/v1/tickets/{ticket['id']}/split", {"Idempotency-Key": "once"}

    answers = await asyncio.gather(*(max_.post(path, split({}, {}), key) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len((await ann.get("/v1/tickets")).json()["items"]) == 3


async def test_if_match_speaks_of_the_ticket_that_is_told(ann, max_):
    target, source = await ann.create(), await ann.create()
    await ann.tell(source, "comment", text="its version does not matter")
    path, body = f"/v1/tickets/{target['id']}/merge", {"sources": [source["id"]]}

    stale = await max_.post(path, body, {"If-Match": '"7"'})
    right = await max_.post(path, body, {"If-Match": '"1"'})

    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    assert right.status_code == 200


async def test_of_sixteen_writers_at_the_same_tickets_none_is_written_in_part(ann, max_):
    """Splits, merges, comments and ends race: what is written is whole, and the lists are true."""
    tickets = [await ann.create() for _ in range(5)]
    for round_ in range(3):
        a, b, c, d, e = [t["id"] for t in tickets[round_:] + tickets[:round_]]
        answers = await asyncio.gather(
            *(max_.tell({"id": a}, "merge", sources=[b, c]) for _ in range(2)),
            max_.tell({"id": b}, "merge", sources=[a]),
            max_.tell({"id": c}, "merge", sources=[b, d]),
            max_.tell({"id": d}, "merge", sources=[e]),
            *(max_.tell({"id": each}, "split", **split({}, {})) for each in (a, b, c, d)),
            *(ann.tell({"id": each}, "comment", text="me too") for each in (a, b, c, d, e)),
            ann.tell({"id": e}, "suspend"),
            ann.tell({"id": c}, "revoke"),
        )
        assert len(answers) == 16
        assert {answer.status_code for answer in answers} <= {200, 409}

    rows = {row["id"]: row for row in (await max_.get("/v1/tickets", limit=200)).json()["items"]}
    states = {each: await state(max_, each) for each in rows}
    for ticket_id, ticket in states.items():
        for source in ticket["sources"]:
            assert states[source]["merged_into"] == ticket_id
        if ticket["merged_into"]:
            assert ticket_id in states[ticket["merged_into"]]["sources"]
        for part in ticket["parts"]:
            assert states[part]["split_from"] == ticket_id
        if ticket["split_from"]:
            assert ticket_id in states[ticket["split_from"]]["parts"]
        assert len(await history(max_, ticket_id)) == ticket["version"]
        shown = {name: ticket[name] for name in rows[ticket_id] if name in ticket}
        assert {name: rows[ticket_id][name] for name in shown} == shown | {
            "imported": rows[ticket_id]["imported"]
        }
    assert any(ticket["sources"] for ticket in states.values())
    assert any(ticket["parts"] for ticket in states.values())
