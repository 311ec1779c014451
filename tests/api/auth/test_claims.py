"""Claims of well signed tokens: odd ones are 401 for their holder and nothing for anybody else."""

import base64
import json

import pytest

from docket_runtime.production import Unsafe
from docket_runtime.settings import DEVELOPMENT_KID, Settings
from ticket_api.auth.tokens import LEEWAY_S, load_tokens

NOBODYS = "00000000-0000-7000-8000-000000000000"
DEEP = "[" * 3000 + "]" * 3000
ODD = {
    "nul": "a\x00b",
    "control": "a\x1bb",
    "c1": "a\x9bb",
    "line": "a\nb",
    "separator": "a\u2028b",
    "surrogate": "a\ud800b",
    "override": "a\u202eb",
    "space": "ann smith",
    "address": "ann@acme.example",
    "long": "a" * 201,
    "number": 7,
    "list": ["ann"],
    "object": {"ann": 1},
    "null": None,
    "empty": "",
    "nonchar": "a\uffff",
    "name": "andr\u00e9",
}


@pytest.mark.parametrize("claim", ["sub", "account"])
@pytest.mark.parametrize("odd", ODD, ids=str)
async def test_S_5_an_odd_claim_is_401_and_names_the_claim(http, signer, claim, odd):
    token = signed(signer, {**claims(signer), claim: ODD[odd]})
    for method, path in (
        ("GET", "/v1/tickets"),
        ("POST", "/v1/tickets"),
        ("GET", f"/v1/tickets/{NOBODYS}"),
    ):
        answer = await http.request(method, path, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        assert claim in answer.json()["detail"] or answer.json()["detail"].startswith("the token")


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ('{"alg":"Ed25519","typ":"at+jwt"}', '{"role":"agent","role":"customer",%s}'),
        ('{"alg":"Ed25519","typ":"at+jwt"}', '{"role":"customer","sub":"bob",%s}'),
        ('{"alg":"Ed25519","typ":"at+jwt","typ":"at+jwt"}', '{"role":"customer",%s}'),
        ('{"alg":"Ed25519","typ":"at+jwt","crit":[]}', '{"role":"customer",%s}'),
        (
            '{"alg":"Ed25519","typ":"at+jwt"}',
            '{"role":"customer","x":' + "[" * 3000 + "]" * 3000 + ",%s}",
        ),
    ],
    ids=["role-twice", "sub-twice", "typ-twice", "empty-crit", "deep"],
)
async def test_S_6_a_token_that_two_readers_may_read_differently_is_refused(
    http, signer, header, payload
):
    rest = json.dumps({k: v for k, v in claims(signer).items() if k != "role"})[1:-1]
    token = sign_raw(signer, header, payload % rest)
    answer = await http.get("/v1/tickets", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize("lives_s", [3600 + LEEWAY_S, 3600 + LEEWAY_S + 1])
@pytest.mark.parametrize("with_iat", [True, False])
def test_S_6_a_token_lives_no_longer_than_the_setting(signer, settings, lives_s, with_iat):
    tokens = load_tokens(settings.model_copy(update={"token_minutes": 60}), None, lambda _: False)
    said = {**claims(signer), "exp": signer.now + lives_s}
    if with_iat:
        said["iat"] = signer.now
    else:
        said["exp"] += 60  # from now on, and the signer's now is a little earlier
    authorization = f"Bearer {signed(signer, said)}"
    if with_iat and lives_s == 3600 + LEEWAY_S:
        assert tokens.principal(authorization).subject == "ann"
    else:
        with pytest.raises(Exception, match="token_invalid"):
            tokens.principal(authorization)


@pytest.mark.parametrize(
    ("env", "minutes", "life_s"),
    [("prod", None, 3600), ("prod", 10, 600), ("dev", None, None), ("test", 5, 300)],
)
def test_S_6_in_production_tokens_live_an_hour_where_nothing_is_said(env, minutes, life_s):
    assert Settings(env=env, token_minutes=minutes).token_life_s == life_s


def test_the_keys_of_development_verify_nothing_in_production(settings, signer, tmp_path):
    key = {**signer.key.as_dict(private=False), "kid": f"{DEVELOPMENT_KID}1"}
    (tmp_path / "dev.json").write_text(json.dumps({"keys": [key]}))
    prod = {"env": "prod", "clock": "system", "jwt_keys": str(tmp_path / "dev.json")}
    given = settings.model_copy(update=prod)

    with pytest.raises(Unsafe, match="DOCKET_ALLOW=development-keys"):
        load_tokens(given, None, lambda _: False)
    allowed = given.model_copy(update={"allow": "development-keys"})
    assert load_tokens(allowed, None, lambda _: False)


def claims(signer):
    return {
        "iss": "docket-dev",
        "aud": "docket",
        "sub": "ann",
        "role": "customer",
        "account": "acme",
        "exp": signer.now + 600,
    }


def signed(signer, said):
    return sign_raw(signer, '{"alg":"Ed25519","typ":"at+jwt"}', json.dumps(said))


def sign_raw(signer, header, payload):
    """Sign bytes as they are: a library would mend what is meant to be odd."""
    head = base64.urlsafe_b64encode(header.encode()).rstrip(b"=")
    body = base64.urlsafe_b64encode(payload.encode()).rstrip(b"=")
    signature = signer.key.private_key.sign(head + b"." + body)
    return b".".join((head, body, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()
