"""POST /v1/tickets/{id}/correct: texts beside the log, letters to the new address, erasing."""

import pytest

CONTACT = {"email": "ann@acme.example", "name": "Ann"}
MOVED = {"email": "ann.b@acme.example", "name": "Ann B."}


@pytest.mark.parametrize("who", ["ann", "max_"])
async def test_what_is_named_is_corrected_and_its_text_is_in_no_event(request, ann, max_, who):
    caller = {"ann": ann, "max_": max_}[who]
    ticket = await ann.create(contact=CONTACT, product_version="2025.1")

    answer = await caller.tell(
        ticket,
        "correct",
        subject="Nodes of site B",
        contact=MOVED,
        product_version="2026.05.1",
        edition="Hosting",
        reason="a slip of the hand",
    )

    assert answer.status_code == 200, answer.text
    seen = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert seen["subject"]["text"] == "Nodes of site B"
    assert {name: seen["contact"][name] for name in MOVED} == MOVED
    assert (seen["product_version"], seen["edition"]) == ("2026.05.1", "Hosting")
    history = await ann.get(f"/v1/tickets/{ticket['id']}/events")
    last = history.json()["items"][-1]
    assert last["type"] == "TicketCorrected"
    assert set(last["data"]["subject"]) == set(last["data"]["contact"]) == {"id", "digest"}
    assert last["texts"]["subject"] == "Nodes of site B"


async def test_the_text_before_can_be_erased_and_the_new_one_stays(ann, as_):
    ticket = await ann.create(contact=CONTACT)
    await ann.tell(ticket, "correct", contact=MOVED, reason="moved")
    old = {"content_ids": [ticket["contact"]["id"]], "why": "person_asked"}

    erased = await as_("privacy_officer", "pia").tell(ticket, "erase", **old)

    assert erased.status_code == 200, erased.text
    first = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"][0]
    assert first["texts"]["contact"] is None
    seen = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert seen["contact"]["email"] == MOVED["email"]


@pytest.mark.parametrize("said", [{}, {"subject": None}, {"reason": "x", "edition": None}])
async def test_a_correction_names_a_reason_and_something(ann, said):
    ticket = await ann.create()

    answer = await ann.tell(ticket, "correct", **said)

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_a_ticket_of_another_account_is_not_there_and_an_ended_one_not_corrected(ann, eve):
    ticket = await ann.create()
    said = {"edition": "Hosting", "reason": "a slip"}

    assert (await eve.tell(ticket, "correct", **said)).status_code == 404
    await ann.tell(ticket, "revoke")
    answer = await ann.tell(ticket, "correct", **said)
    assert (answer.json()["code"], answer.json()["clause"]) == ("ticket_revoked", "R-6.6-a")
