"""Revoked tokens: one by its id, or all of a subject until now, in every instance."""

import httpx
import pytest

from docket_runtime.clock import wall_clock
from ticket_api.app import build


@pytest.fixture
async def other(settings):
    """Another instance of ticket-api on the same log."""
    app = build(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
            client.look = app.state.revocations.step
            yield client


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def test_a_token_is_revoked_by_its_id_in_every_instance(http, other, signer, as_):
    lost = signer.token("customer", "ann", "acme", jti="t-1")
    kept = signer.token("customer", "ann", "acme", jti="t-2")
    assert (await http.get("/v1/tickets", headers=bearer(lost))).status_code == 200
    assert (await other.get("/v1/tickets", headers=bearer(lost))).status_code == 200

    done = await as_("operator", "otto").post("/v1/revocations", {"token_id": "t-1"})

    assert done.status_code == 201
    await other.look()
    for instance in (http, other):
        refused = await instance.get("/v1/tickets", headers=bearer(lost))
        assert (refused.status_code, refused.json()["detail"]) == (
            401,
            "the token has been revoked",
        )
        assert (await instance.get("/v1/tickets", headers=bearer(kept))).status_code == 200


async def test_all_of_a_subject_until_now_are_revoked_and_later_ones_are_good(http, signer, as_):
    now = int(wall_clock().timestamp())
    before = signer.token("agent", "max", iat=now - 10)
    without_iat = signer.token("agent", "max")
    somebody_else = signer.token("agent", "eva", iat=now - 10)

    done = await as_("operator", "otto").post("/v1/revocations", {"subject": "max"})

    after = signer.token("agent", "max", iat=now + 20)
    assert done.json()["subject"] == "max"
    seen = [
        (await http.get("/v1/tickets", headers=bearer(each))).status_code
        for each in (before, without_iat, somebody_else, after)
    ]
    assert seen == [401, 401, 200, 200]


async def test_a_revocation_counts_until_such_tokens_have_expired(settings, signer):
    app = build(settings.model_copy(update={"token_minutes": 60}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
            operator = bearer(signer.token("operator", "otto"))
            done = await client.post("/v1/revocations", json={"subject": "max"}, headers=operator)
    told = done.json()
    assert told["issued_before"][:14] != told["counts_until"][:14]  # an hour lies between them
    assert told["counts_until"] > told["issued_before"]


@pytest.mark.parametrize(
    "body", [{}, {"token_id": "a", "subject": "b"}, {"subject": "a b"}, {"subject": ""}, {"x": 1}]
)
async def test_a_revocation_names_one_thing(as_, body):
    answer = await as_("operator", "otto").post("/v1/revocations", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_a_revocation_leaves_an_access_event(as_):
    await as_("operator", "otto").post("/v1/revocations", {"subject": "max"})
    read = await as_("privacy_officer", "pat").get("/v1/audit/access", operation="revoke_tokens")
    assert [(each["subject"], each["outcome"]) for each in read.json()["items"]] == [
        ("otto", "201")
    ]
