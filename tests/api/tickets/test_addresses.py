"""An address is judged where it enters: what is taken can be written to, the rest is 422."""

import pytest

ACME = "/v1/accounts/acme"

UNREACHABLE = {
    "letters beyond ASCII before the @-sign": "jörg@acme.example",
    "an emoji": "🔥@acme.example",
    "a comma": "a,b@acme.example",
    "a dot that is none": "a@exa․mple.com",
    "brackets": "<a@example.com>",
    "a name": "Ann <ann@acme.example>",
    "two addresses": "ann@acme.example,ben@acme.example",
    "no domain": "ann@",
    "a domain of the machine": "root@localhost",
    "a bare number of a machine": "ann@[127.0.0.1]",
    "an encoded word": "=?utf-8?q?ann?=@acme.example",
    "the end of a line": "ann@acme.example\r\nBcc: b@c.example",
    "spaces in quotes": '"ann lee"@acme.example',
    "too long before the @-sign": f"{'a' * 65}@acme.example",
    "too long": f"ann@{'.'.join(['a' * 60] * 4)}.example",
}
KEPT = {
    "ann@acme.example": "ann@acme.example",
    "Ann.Lee+tickets@ACME.example": "Ann.Lee+tickets@acme.example",
    "ann@bücher.example": "ann@xn--bcher-kva.example",
    "ann@例え.テスト.example": "ann@xn--r8jz45g.xn--zckzah.example",
    "name.@docomo.ne.jp": '"name."@docomo.ne.jp',
    "a..b@ezweb.ne.jp": '"a..b"@ezweb.ne.jp',
    '"name."@docomo.ne.jp': '"name."@docomo.ne.jp',
}


@pytest.fixture
async def ticket(ann):
    return (await ann.post("/v1/tickets", {"product": "VMmanager 6"})).json()["id"]


async def at_each_door(ann, shop, ticket, address):
    """Try an address wherever one can be given; return for each door the answer and the pointer."""
    contact = {"email": address}
    return [
        (await ann.post("/v1/tickets", {"product": "VMmanager 6", "contact": contact}), "/contact"),
        (
            await ann.post(
                f"/v1/tickets/{ticket}/correct", {"reason": "a typo", "contact": contact}
            ),
            "/contact",
        ),
        (await shop.post(f"{ACME}/contacts", {"contact": "ann", "email": address}), ""),
    ]


@pytest.mark.parametrize("why", UNREACHABLE)
async def test_N_6_what_cannot_be_written_to_is_refused_at_every_door(ann, shop, ticket, why):
    for answer, place in await at_each_door(ann, shop, ticket, UNREACHABLE[why]):
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert error["pointer"] == f"{place}/email"
        assert UNREACHABLE[why] not in answer.text


async def test_N_6_what_can_be_written_to_is_kept_as_every_server_takes_it(ann, shop, max_, ticket):
    for address, kept in KEPT.items():
        (opened, _), (corrected, _), (recorded, _) = await at_each_door(ann, shop, ticket, address)
        for answer in (opened, corrected):
            seen = await ann.get(f"/v1/tickets/{answer.json()['id']}")
            assert seen.json()["contact"]["email"] == kept
        assert recorded.status_code == 200, recorded.text
        (contact,) = (await max_.get(ACME)).json()["contacts"]
        assert contact["address"]["text"] == kept


async def test_R_4_2_c_a_sender_is_known_however_its_domain_is_written(shop, as_):
    gateway = as_("service", "mail-gateway")
    await shop.post(f"{ACME}/contacts", {"contact": "ann", "email": "ann@bücher.example"})
    mail = {
        "product": "VMmanager 6",
        "account_id": "acme",
        "channel": "email",
        "on_behalf_of": "ann",
        "contact": {"email": "Ann@XN--BCHER-KVA.example"},
    }
    opened = await gateway.post("/v1/tickets", mail)
    assert opened.status_code == 201, opened.text
