"""Who gets in: tokens signed by a known key, meant for us, not expired; nothing else."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey


def _encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _claims(signer, **more):
    return {
        "iss": "docket-dev",
        "aud": "docket",
        "sub": "ann",
        "role": "customer",
        "account": "acme",
        "exp": signer.now + 60,
        **more,
    }


def _forgeries(signer):
    good = signer.token("customer", "ann", "acme")
    head, body, signature = good.split(".")
    secret = OctKey.import_key(json.dumps(signer.key.as_dict(private=False)))
    typ = {"typ": "at+jwt"}
    yield "none", f"{_encoded({'alg': 'none', **typ})}.{body}."
    yield (
        "hs256-with-the-public-key",
        jwt.encode({"alg": "HS256", **typ}, _claims(signer), secret, algorithms=["HS256"]),
    )
    yield (
        "another-key",
        jwt.encode(
            {"alg": "Ed25519", **typ},
            _claims(signer),
            OKPKey.generate_key("Ed25519"),
            algorithms=["Ed25519"],
        ),
    )
    yield "no-signature", f"{head}.{body}."
    yield "other-claims", f"{head}.{_encoded(_claims(signer, role='agent'))}.{signature}"
    yield "cut", good[:-3]
    yield "two-parts", f"{head}.{body}"
    yield "garbage", "garbage"
    yield "empty", ""
    yield "huge", "a" * 70_000
    yield "id-token", signer.token("customer", "ann", "acme", header={"typ": "JWT"})
    yield "expired", signer.token("customer", "ann", "acme", exp=signer.now - 3600)
    yield "no-expiry", signer.token("customer", "ann", "acme", exp=None)
    yield "another-issuer", signer.token("customer", "ann", "acme", iss="elsewhere")
    yield "another-audience", signer.token("customer", "ann", "acme", aud="elsewhere")
    yield "not-yet", signer.token("customer", "ann", "acme", nbf=signer.now + 3600)
    yield "no-role", signer.token("", "ann", "acme")
    yield "unknown-role", signer.token("god", "ann", "acme")
    yield "customer-without-account", signer.token("customer", "ann")
    yield "account-is-a-list", signer.token("customer", "ann", account=["acme"])
    critical = {"alg": "Ed25519", "crit": ["x"], "x": 1, **typ}
    yield "unknown-crit", f"{_encoded(critical)}.{body}.{signature}"


async def test_no_forged_token_gets_in(http, signer):
    for name, token in _forgeries(signer):
        answer = await http.get("/v1/tickets", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (401, 431), (name, answer.status_code, answer.text)
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"].startswith("Bearer"), name


@pytest.mark.parametrize("header", [None, "Basic YW5uOmFubg==", "Bearer", "bearer x"])
async def test_without_a_bearer_token_one_is_asked_for_it(http, header):
    headers = {} if header is None else {"Authorization": header}
    answer = await http.get("/v1/tickets", headers=headers)

    assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")


async def test_an_auditor_reads_and_commands_nothing(ann, as_):
    ticket = await ann.create()
    auditor = as_("auditor", "olga")

    assert (await auditor.get(f"/v1/tickets/{ticket['id']}")).status_code == 200
    answer = await auditor.tell(ticket, "comment", text="hello")
    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")
