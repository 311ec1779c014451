"""GET /v1/tickets/{id}/actions: what each caller may do now, and what becomes of doing it."""

import pytest

from ticket_api.commands.bodies import TICKET_BODIES


async def _told(caller, ticket):
    answer = await caller.get(f"/v1/tickets/{ticket['id']}/actions")
    assert answer.status_code == 200, answer.text
    return answer, {action["verb"]: action for action in answer.json()["items"]}


async def test_every_verb_that_has_a_route_is_told_once(ann):
    answer, told = await _told(ann, await ann.create())

    assert told.keys() == TICKET_BODIES.keys()
    assert (answer.headers["etag"], answer.json()["version"]) == ('"1"', 1)


async def test_R_6_6_a_what_is_told_is_what_happens(ann):
    ticket = await ann.create()
    _, before = await _told(ann, ticket)
    assert before["suspend"] == {
        "verb": "suspend",
        "allowed": True,
        "code": "ok",
        "clause": "R-6.6-a",
        "detail": None,
        "changes": True,
        "needs": [],
        "choices": {},
        "criteria": [],
    }

    refused = (await ann.tell(ticket, "resume")).json()
    for name in ("code", "clause", "detail"):
        assert before["resume"][name] == refused[name]
    assert (await ann.tell(ticket, "suspend")).status_code == 200

    _, after = await _told(ann, ticket)
    assert (after["resume"]["allowed"], after["suspend"]["changes"]) == (True, False)


async def test_the_other_side_gets_the_clause_and_a_role_without_a_side_none(ann, as_):
    ticket = await ann.create()
    _, anns = await _told(ann, ticket)
    _, auditors = await _told(as_("auditor", "eve"), ticket)

    assert (anns["assign"]["code"], anns["assign"]["clause"]) == ("actor_not_entitled", "R-6.7-b")
    assert not any(action["allowed"] for action in auditors.values())
    refused = (await as_("auditor", "eve").tell(ticket, "suspend")).json()
    assert auditors["suspend"]["detail"] == refused["detail"]
    assert auditors["suspend"]["clause"] is None
    assert "clause" not in refused


async def test_R_6_4_the_choices_name_the_request_and_needs_the_field(ann, max_):
    ticket = await ann.create()
    await max_.tell(ticket, "request-information", items="The log.")

    _, told = await _told(ann, ticket)

    assert told["provide-information"]["needs"] == ["request"]
    assert told["provide-information"]["choices"] == {"request": ["q1"]}


async def test_C_52_who_is_restricted_is_told_so(ann, max_):
    ticket = await ann.create()
    barred = await max_.post("/v1/accounts/acme/restrict", {"reason": "unpaid"})
    assert barred.status_code == 200, barred.text

    _, anns = await _told(ann, ticket)
    _, maxs = await _told(max_, ticket)

    assert anns["comment"]["code"] == "access_restricted"
    assert maxs["respond"]["allowed"]


@pytest.mark.parametrize("role", ["customer", "agent", "product_team", "privacy_officer"])
async def test_doing_a_verb_meets_the_refusal_that_was_told(role, ann, as_):
    """Every verb that needs no field is done as it was told; an objection and a forwarding that
    say nothing are refused, and are told as they are with all that they may say."""
    ticket = await ann.create()
    caller = as_(role, "ann", "acme")
    for verb in TICKET_BODIES:
        _, told = await _told(caller, ticket)
        if told[verb]["needs"] or verb in ("object", "forward"):
            continue
        done = await caller.tell(ticket, verb)
        assert (done.status_code == 200) == told[verb]["allowed"], (verb, done.text)
        if done.status_code != 200:
            assert done.json()["code"] == told[verb]["code"]
            assert done.json().get("clause") == told[verb]["clause"]
