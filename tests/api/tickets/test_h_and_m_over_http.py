"""Tickets under the terms of H-Sphere and ISPmanager, opened and worked on over HTTP (C-68)."""

import pytest

H = {"product": "H-Sphere", "product_version": "2.4.1"}
M = {"product": "ISPmanager 6", "edition": "Pro"}


async def shown(reader, ticket):
    return (await reader.get(f"/v1/tickets/{ticket['id']}")).json()


@pytest.mark.parametrize("license_", [H, M], ids=["H", "M"])
async def test_C_68_a_ticket_lives_from_opening_to_closing_without_a_clock(ann, max_, license_):
    ticket = await ann.create(**license_)

    clock = (await ann.get(f"/v1/tickets/{ticket['id']}/clock")).json()
    assert clock["response_clock"]["clock_state"] == "no_target"
    assert (clock["response_clock"]["deadline"], clock["deadlines"]) == (None, [])
    for who, verb, body in (
        (max_, "assign", {"to": "max"}),
        (max_, "request-information", {"items": "Which hosts?"}),
        (ann, "provide-information", {"request": "q1", "text": "all of them"}),
        (max_, "respond", {"text": "Restart it."}),
        (ann, "reply", {"text": "It runs."}),
        (max_, "note", {"text": "once more"}),
        (max_, "close", {"reason": "resolved"}),
    ):
        answer = await who.tell(ticket, verb, **body)
        assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "closing"
    refused = await ann.tell(ticket, "suspend")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_pack")


async def test_H_policy_4_a_ticket_shows_plan_class_place_and_support_window(ann, shop):
    license_ = {"license": "L-1", "product": "H-Sphere", "plan": "priority"}
    recorded = await shop.post("/v1/accounts/acme/record-license", license_)
    assert recorded.json()["licenses"][0]["plan"] == "priority"

    opened = await ann.create(**H, subject="Emergency: mail server is down, server down")
    seen = await shown(ann, opened)

    assert seen["plan"] == "priority"
    assert seen["classification"] == {
        "rank": "highest",
        "clause": "H-policy-4",
        "mark_ignored": False,
    }
    assert seen["queue"] == {"place": 1, "places": 8, "clause": "H-policy-3"}
    assert seen["priority"] == "Emergency"
    # Monday noon: the priority plan is open all day
    assert seen["support_window"] == {
        "open_now": True,
        "open_from": "2026-06-08T12:00:00Z",
        "open_until": "2026-06-13T05:00:00Z",
        "clause": "H-plan-priority-hours",
    }


async def test_H_policy_4_an_agent_decides_anew_how_urgent_it_is(ann, max_):
    ticket = await ann.create(**H, subject="emergency, my account")
    assert ticket["classification"]["rank"] == "ordinary"
    assert ticket["classification"]["mark_ignored"]

    raised = (await max_.tell(ticket, "prioritize", priority="Emergency", reason="it is")).json()

    assert raised["classification"]["rank"] == "emergency"
    assert raised["queue"]["place"] < ticket["queue"]["place"]


async def test_H_uns_4_what_is_not_offered_is_told_and_is_a_reason_to_reject(ann, max_):
    ticket = await ann.create(**H, kind="spam")
    assert ticket["support"] == {
        "supported": False,
        "clause": "H-uns-4",
        "why": "Fighting spam.",
    }

    actions = (await max_.get(f"/v1/tickets/{ticket['id']}/actions")).json()
    assert actions["support"] == ticket["support"]
    reject = next(each for each in actions["items"] if each["verb"] == "reject")
    assert "spam" in reject["choices"]["reason"]
    rejected = await max_.tell(ticket, "reject", reason="spam")
    assert rejected.json()["status"] == "rejected"


async def test_M_sup_os_a_ticket_is_refused_for_its_system_and_taken_with_an_unknown_one(ann):
    refused = await ann.post("/v1/tickets", {**M, "edition": "Business", "os": "Debian 10"})
    unknown = await ann.create(**M)

    assert (refused.status_code, refused.json()["code"]) == (409, "not_supported")
    assert refused.json()["clause"] == "M-sup-os"
    assert unknown["support"]["supported"] == "unknown"
    assert unknown["support"]["clause"] == "M-sup-1"
    assert (unknown["plan"], unknown["classification"]) == (None, None)


async def test_M_sup_os_the_environment_stands_in_for_a_system_that_is_not_told(ann):
    refused = await ann.post("/v1/tickets", {**M, "environment": "Ubuntu 22.04"})
    served = await ann.create(**M, environment="Ubuntu 20.04")

    assert (refused.status_code, refused.json()["clause"]) == (409, "M-sup-os")
    assert served["support"]["why"].endswith("Not known: version.")


async def test_R_3_4_what_lies_outside_of_the_scope_is_told_on_the_ticket(ann):
    outside = await ann.create(kind="training")
    changed = await ann.create(configuration_changed_by="user")

    assert outside["support"]["supported"] is False
    assert outside["support"]["clause"] == "R-A1-2.1.2-i"
    assert changed["support"]["clause"] == "R-3.2.1"
    assert (await shown(ann, outside))["support"] == outside["support"]
