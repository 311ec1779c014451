"""The people of an account, and a service that writes for one of them (C-69, R-4.2-c, R-3.3)."""

import msgspec
import pytest

ACME = "/v1/accounts/acme"
PROBLEM = {"product": "VMmanager 6", "subject": "Nodes", "account_id": "acme"}
MAIL = {**PROBLEM, "channel": "email", "on_behalf_of": "ann"}
FROM_ANN = {"contact": {"email": "Ann@acme.example"}}
INFRASTRUCTURE = {"edition": "Infrastructure", "service_level": "Standard", "priority": "High"}


@pytest.fixture
def gateway(as_):
    """The mail gateway is a service that writes for people."""
    return as_("service", "mail-gateway")


@pytest.fixture
async def ann_is_known(shop):
    body = {"contact": "ann", "email": "ann@acme.example"}
    answer = await shop.post(f"{ACME}/contacts", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refusal(asked):
    answer = await asked
    return answer.status_code, answer.json()["code"], answer.json().get("clause")


async def test_R_4_2_c_an_address_is_of_the_account_and_in_no_event(
    ann_is_known, max_, ann, database
):
    (contact,) = ann_is_known["contacts"]
    assert set(contact["address"]) == {"id", "digest"}
    (seen,) = (await max_.get(ACME)).json()["contacts"]
    assert seen == {
        "contact": "ann",
        "relation": "user",
        "grounds": [],
        "address": {**contact["address"], "text": "ann@acme.example"},
    }

    history = (await max_.get(f"{ACME}/events")).json()["items"]
    assert [event["type"] for event in history] == ["ContactRecorded"]
    assert b"ann@acme" not in msgspec.json.encode(history)


async def test_C_40_an_address_that_is_replaced_or_withdrawn_is_erased(
    ann_is_known, shop, gateway, max_
):
    await shop.post(f"{ACME}/contacts", {"contact": "ann", "email": "ann@new.example"})
    old = await refusal(gateway.post("/v1/tickets", {**MAIL, **FROM_ANN}))
    new = await gateway.post("/v1/tickets", {**MAIL, "contact": {"email": "ann@new.example"}})
    gone = await shop.post(f"{ACME}/withdraw-contact", {"contact": "ann"})
    again = await shop.post(f"{ACME}/withdraw-contact", {"contact": "ann"})

    assert old == (409, "email_not_contact_address", "R-4.2-c")
    assert new.status_code == 201
    assert (gone.json()["contacts"], again.json()["version"]) == ([], gone.json()["version"])
    types = [event["type"] for event in (await max_.get(f"{ACME}/events")).json()["items"]]
    assert types == [
        "ContactRecorded",
        "ContactRecorded",
        "ContentErased",
        "ContactWithdrawn",
        "ContentErased",
    ]


async def test_R_4_2_c_a_mail_gateway_opens_for_a_known_address_and_not_for_an_unknown_one(
    ann_is_known, gateway, ann
):
    opened = await gateway.post("/v1/tickets", {**MAIL, **FROM_ANN})
    unknown = {**MAIL, "contact": {"email": "ann@elsewhere.example"}}

    assert opened.status_code == 201
    assert (opened.json()["requester_id"], opened.json()["channel"]) == ("ann", "email")
    page = (await ann.get(f"/v1/tickets/{opened.json()['id']}/events")).json()
    assert page["items"][0]["actor"] == {
        "kind": "service",
        "id": "mail-gateway",
        "on_behalf_of": "ann",
    }
    for body in (unknown, MAIL):
        refused = await refusal(gateway.post("/v1/tickets", body))
        assert refused == (409, "email_not_contact_address", "R-4.2-c")


async def test_R_4_2_c_a_customers_own_mail_is_taken_from_the_own_address(ann_is_known, ann):
    mail = {"product": "VMmanager 6", "channel": "email"}

    known = await ann.post("/v1/tickets", {**mail, **FROM_ANN})
    other = await refusal(ann.post("/v1/tickets", {**mail, "contact": {"email": "a@b.example"}}))

    assert known.status_code == 201
    assert other == (409, "email_not_contact_address", "R-4.2-c")


async def test_R_3_3_a_service_writes_for_the_people_of_the_account_only(
    ann_is_known, shop, gateway
):
    api = {**PROBLEM, "channel": "api"}
    await shop.post(f"{ACME}/contacts", {"contact": "sue", "relation": "sublicensee"})

    assert (await gateway.post("/v1/tickets", {**api, "on_behalf_of": "ann"})).status_code == 201
    for stranger in ("sue", "eve"):
        refused = await refusal(gateway.post("/v1/tickets", {**api, "on_behalf_of": stranger}))
        assert refused == (409, "not_the_user", "R-3.3")


async def test_R_3_3_a_sublicensee_is_refused_also_under_an_own_token(shop, as_):
    await shop.post(f"{ACME}/contacts", {"contact": "sue", "relation": "sublicensee"})

    refused = await refusal(
        as_("customer", "sue", "acme").post("/v1/tickets", {"product": "VMmanager 6"})
    )

    assert refused == (409, "not_the_user", "R-3.3")


async def test_I_1_4_a_sublicensee_is_refused_under_I_too(shop, as_):
    await shop.post(f"{ACME}/contacts", {"contact": "sue", "relation": "sublicensee"})
    body = {"product": "VMmanager 6", **INFRASTRUCTURE}

    refused = await refusal(as_("customer", "sue", "acme").post("/v1/tickets", body))

    assert refused == (409, "partner_not_entitled", "I-1.4")


async def test_I_1_4_a_partner_needs_a_ground(shop, as_):
    pete = as_("customer", "pete", "acme")
    body = {"product": "VMmanager 6", **INFRASTRUCTURE}
    await shop.post(f"{ACME}/contacts", {"contact": "pete", "relation": "partner"})
    refused = await refusal(pete.post("/v1/tickets", body))
    ground = {"contact": "pete", "relation": "partner", "grounds": ["authorized_by_user"]}
    await shop.post(f"{ACME}/contacts", ground)

    assert refused == (409, "partner_not_entitled", "I-1.4")
    assert (await pete.post("/v1/tickets", body)).status_code == 201
    wrong = await refusal(shop.post(f"{ACME}/contacts", {**ground, "grounds": ["friendship"]}))
    assert wrong == (409, "unknown_ground", "I-1.4")


async def test_C_69_a_service_comments_and_provides_information_for_a_person(
    ann_is_known, gateway, ann, max_
):
    ticket = await ann.create()
    await max_.tell(ticket, "request-information", items="Which nodes?")

    comment = await gateway.tell(ticket, "comment", text="By mail.", on_behalf_of="ann")
    given = await gateway.tell(
        ticket, "provide-information", request="q1", text="All.", on_behalf_of="ann"
    )
    stranger = await refusal(gateway.tell(ticket, "comment", text="Hi.", on_behalf_of="eve"))

    assert (comment.status_code, given.status_code) == (200, 200)
    assert stranger == (409, "not_the_user", "R-3.3")
    page = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()
    assert {
        e["actor"]["on_behalf_of"] for e in page["items"] if e["actor"]["kind"] == "service"
    } == {"ann"}


async def test_C_52_a_service_writes_for_nobody_of_a_restricted_account(gateway, ann, max_):
    ticket = await ann.create()
    await max_.post(f"{ACME}/restrict", {"reason": "abuse"})

    refused = await refusal(gateway.tell(ticket, "comment", text="Hi.", on_behalf_of="ann"))

    assert refused == (409, "access_restricted", "R-7.4")


@pytest.mark.parametrize("named", [{}, {"on_behalf_of": "ann@acme.example"}], ids=str)
async def test_a_service_names_a_person_and_no_address(gateway, named):
    answer = await gateway.post("/v1/tickets", {**PROBLEM, **named})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/on_behalf_of"


async def test_others_speak_for_themselves(ann, max_):
    for who in (ann, max_):
        answer = await who.post("/v1/tickets", {**PROBLEM, "on_behalf_of": "ann"})
        assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")


async def test_a_service_gives_no_other_commands(gateway, ann):
    ticket = await ann.create()

    answer = await gateway.tell(ticket, "respond", text="Done.")

    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")
