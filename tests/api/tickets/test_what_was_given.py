"""All that was given when a ticket was opened can be read on it, and is masked as its texts are."""

from urllib.parse import quote

GIVEN = {
    "product_version": "2026.05.1",
    "edition": "Hosting",
    "environment": "closed",
    "kind": "incident",
    "requested_priority": "High",
    "justification": "Two of three sites are down.",
    "contact": {"email": "ann@acme.example", "name": "Ann"},
}
PLAIN = ("product_version", "edition", "environment", "kind", "requested_priority")


async def test_what_was_given_at_the_opening_is_on_the_ticket(ann, max_):
    ticket = await ann.create(**GIVEN)

    for reader in (ann, max_):
        seen = (await reader.get(f"/v1/tickets/{ticket['id']}")).json()
        assert {name: seen[name] for name in PLAIN} == {name: GIVEN[name] for name in PLAIN}
        assert seen["justification"]["text"] == GIVEN["justification"]
        assert {name: seen["contact"][name] for name in ("email", "name")} == GIVEN["contact"]


async def test_command_answers_carry_neither_address_nor_reasons(ann):
    ticket = await ann.create(**GIVEN)

    assert set(ticket["contact"]) == set(ticket["justification"]) == {"id", "digest"}
    assert ticket["environment"] is None


async def test_what_was_not_given_is_null(ann):
    ticket = await ann.create()

    seen = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert [seen[name] for name in (*PLAIN, "justification", "contact")] == [None] * 7


async def test_an_address_is_masked_until_the_reader_says_why(ann, as_):
    ticket, ada = await ann.create(**GIVEN), as_("auditor", "ada")
    path = f"/v1/tickets/{ticket['id']}"

    masked = await ada.get(path)
    revealed = await ada.get(path, headers={"X-Reveal-Reason": quote("a complaint of the user")})

    assert "ann@acme.example" not in masked.text
    assert GIVEN["justification"] not in masked.text
    assert masked.json()["masked"]
    assert masked.json()["contact"]["email"] is None
    assert masked.json()["environment"] is None
    assert revealed.json()["environment"] == GIVEN["environment"]
    assert masked.json()["product_version"] == GIVEN["product_version"]
    assert revealed.json()["contact"]["email"] == "ann@acme.example"


async def test_an_erased_address_is_null(ann, as_):
    ticket = await ann.create(**GIVEN)
    said = {"content_ids": [ticket["contact"]["id"]], "why": "person_asked"}
    erased = await as_("privacy_officer", "pia").tell(ticket, "erase", **said)
    assert erased.status_code == 200, erased.text

    seen = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert (seen["contact"]["email"], seen["contact"]["name"]) == (None, None)
    assert seen["justification"]["text"] == GIVEN["justification"]


async def test_R_6_3_a_a_part_says_what_its_parent_said_of_the_product(ann, max_):
    ticket = await ann.create(**GIVEN)
    parts = [{"subject": "Backups fail", "priority": "High"}]
    split = await max_.tell(ticket, "split", reason="two issues", parts=parts)
    assert split.status_code == 200, split.text

    part = (await max_.get(f"/v1/tickets/{split.json()['parts'][0]}")).json()
    named = ("product_version", "edition", "environment", "kind")
    assert {name: part[name] for name in named} == {name: GIVEN[name] for name in named}
    assert part["contact"]["email"] == "ann@acme.example"
