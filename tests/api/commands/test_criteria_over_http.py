"""Criteria of a priority through the API: offered in actions, refused, shown, corrected (C-66)."""


async def test_R_5_2_criteria_are_offered_named_shown_and_corrected(ann, max_):
    ticket = await ann.create()
    offered = (await max_.get(f"/v1/tickets/{ticket['id']}/actions")).json()["items"]
    high = [
        row
        for action in offered
        for row in action["criteria"]
        if row["priority"] == "High" and row["product"] == "VMmanager 6"
    ]

    said = {"priority": "High", "reason": "by its content"}
    first = await max_.tell(ticket, "prioritize", **said, criteria=[high[0]["criterion"]])
    other = await max_.tell(ticket, "prioritize", **said, criteria=[high[1]["criterion"]])
    again = await max_.tell(ticket, "prioritize", **said, criteria=[high[1]["criterion"]])

    assert first.json()["criteria"] == [high[0]]
    assert other.json()["criteria"] == [high[1]]
    assert again.json()["version"] == other.json()["version"]
    history = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    assert {"to": "High", "from": "High"}.items() <= history[-1]["data"].items()
    shown = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert shown["criteria"] == [high[1]]


async def test_I_2_6_intro_a_criterion_of_other_terms_is_refused_and_leaves_no_trace(ann, max_):
    under_i = {"edition": "Infrastructure", "service_level": "Standard", "priority": "Low"}
    ticket = await ann.create(**under_i)

    answer = await max_.tell(
        ticket, "prioritize", priority="High", reason="x", criteria=["R-5.2-HI-VM1"]
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "unknown_criterion")
    assert answer.json()["clause"] == "I-2.6-intro"
    assert (await ann.get(f"/v1/tickets/{ticket['id']}")).json()["version"] == ticket["version"]


async def test_what_the_user_may_not_do_offers_no_criteria(ann, as_):
    ticket = await ann.create()

    for caller in (ann, as_("auditor", "eve")):
        told = (await caller.get(f"/v1/tickets/{ticket['id']}/actions")).json()["items"]
        assert not any(action["criteria"] for action in told)
