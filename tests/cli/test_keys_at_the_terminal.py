"""`docket keys`: made once, shown without their private part, rotated without a gap."""

import json
import os
from pathlib import Path
from stat import S_IMODE

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from terminal import Terminal

from docket_proof.note import Verifier
from docket_runtime.proof.keys import read_signer, verifiers_of
from docket_runtime.settings import DEVELOPMENT_KID, Settings
from docket_runtime.token_keys import is_of_development, read_keys


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.setenv("DOCKET_ENV", "test")  # not the system that may run in this checkout
    monkeypatch.chdir(tmp_path)
    return Terminal()


@pytest.fixture
def checkpoint(somebody: Terminal) -> tuple[Path, Path]:
    """A pair of files that was made."""
    private, public = Path("keys/checkpoint.pem"), Path("keys/checkpoint.pub")
    somebody.reads(*MAKE, "--private", str(private), "--public", str(public))
    return private, public


MAKE = ("keys", "make", "checkpoint")
TOKENS = ("keys", "make", "tokens", "--private", "issuer.jwk.json", "--public", "jwks.json")


def test_the_pair_of_checkpoints_signs_and_checks(checkpoint: tuple[Path, Path]) -> None:
    private, public = checkpoint
    (known,) = verifiers_of(Settings(env="test", checkpoint_keys=str(public)))
    assert str(read_signer(private).verifier) == str(known)
    assert S_IMODE(private.stat().st_mode) == 0o600
    assert S_IMODE(public.stat().st_mode) == 0o644


def test_the_settings_say_where_the_pair_is_made(
    somebody: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = somebody.types(*MAKE)
    monkeypatch.setenv("DOCKET_CHECKPOINT_KEY", "a.pem")
    monkeypatch.setenv("DOCKET_CHECKPOINT_KEYS", "a.pub")
    told = somebody.asks(*MAKE)

    assert (without.exit_code, "set DOCKET_CHECKPOINT_KEY" in without.output) == (1, True)
    assert told["public"] + "\n" == Path("a.pub").read_text()
    assert (told["private_file"], told["public_file"]) == ("a.pem", "a.pub")


@pytest.mark.parametrize("words", [MAKE, ("keys", "rotate", "checkpoint")])
def test_a_private_key_is_never_overwritten(
    somebody: Terminal, checkpoint: tuple[Path, Path], words: tuple[str, ...]
) -> None:
    private, public = checkpoint
    before = private.read_bytes(), public.read_bytes()
    option = "--new" if "rotate" in words else "--private"

    done = somebody.types(*words, option, str(private), "--public", str(public))

    assert done.exit_code == 1
    assert "a key is never overwritten" in done.output
    assert (private.read_bytes(), public.read_bytes()) == before


def test_where_the_public_part_cannot_be_written_nothing_can_sign(somebody: Terminal) -> None:
    Path("public").mkdir()
    done = somebody.types(*MAKE, "--private", "a.pem", "--public", "public")
    assert done.exit_code == 1
    assert not Path("a.pem").exists()


def test_the_next_key_is_known_before_it_signs_and_the_last_one_stays(
    somebody: Terminal, checkpoint: tuple[Path, Path]
) -> None:
    private, public = checkpoint
    first = public.read_text()

    told = somebody.reads(
        "keys", "rotate", "checkpoint", "--new", "next.pem", "--public", str(public)
    )

    assert public.read_text().splitlines() == [
        first.strip(),
        str(read_signer(Path("next.pem")).verifier),
    ]
    assert [line[:2] for line in told.splitlines()] == ["1.", "2.", "3.", "4.", "5."]
    assert "DOCKET_CHECKPOINT_KEY=next.pem" in told
    assert private.exists()


def test_without_a_first_key_there_is_nothing_to_rotate(somebody: Terminal) -> None:
    for kind in ("checkpoint", "tokens"):
        words = ("keys", "rotate", kind, "--new", "b", "--public", "none")
        done = somebody.types(*words)
        assert (done.exit_code, f"docket keys make {kind}" in done.output) == (1, True)
    assert os.listdir() == []


def test_the_pair_of_an_issuer_signs_tokens_that_verify(somebody: Terminal) -> None:
    told = somebody.asks(*TOKENS)

    private = OKPKey.import_key(json.loads(Path("issuer.jwk.json").read_bytes()))
    keys = read_keys(Path("jwks.json"))
    token = jwt.encode({"alg": "Ed25519", "kid": private.kid}, {"a": 1}, private, ["Ed25519"])
    assert jwt.decode(token, keys, ["Ed25519"]).claims == {"a": 1}
    assert private.kid == told["fingerprint"] == private.thumbprint()
    assert S_IMODE(Path("issuer.jwk.json").stat().st_mode) == 0o600


def test_keys_of_development_are_marked_and_not_made_in_production(
    somebody: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody.reads(*TOKENS, "--development")
    assert is_of_development(read_keys(Path("jwks.json")))
    assert read_keys(Path("jwks.json")).keys[0].kid.startswith(DEVELOPMENT_KID)

    monkeypatch.setenv("DOCKET_ENV", "prod")
    words = ("keys", "make", "tokens", "--private", "b", "--public", "c", "--development")
    assert somebody.types(*words).exit_code == 1
    assert not Path("b").exists()


def test_the_keys_of_an_issuer_are_rotated_with_an_overlap(somebody: Terminal) -> None:
    old = somebody.asks(*TOKENS)["fingerprint"]
    new = somebody.asks("keys", "rotate", "tokens", "--new", "n", "--public", "jwks.json")
    assert [key.kid for key in read_keys(Path("jwks.json")).keys] == [old, new["fingerprint"]]
    assert [step[0] for step in new["steps"]] == ["1", "2", "3", "4", "5"]

    done = somebody.asks("keys", "retire", old, "--public", "jwks.json")
    assert done == {"retired": old, "left": 1}
    again = somebody.types("keys", "retire", old, "--public", "jwks.json")
    last = somebody.types("keys", "retire", new["fingerprint"], "--public", "jwks.json")
    assert (again.exit_code, "has no key" in again.output) == (1, True)
    assert (last.exit_code, "the only key" in last.output) == (1, True)


def test_what_is_no_jwk_set_is_not_added_to(somebody: Terminal) -> None:
    Path("jwks.json").write_text("[]")
    done = somebody.types(*TOKENS)
    assert (done.exit_code, "is no JWK set" in done.output) == (1, True)
    assert Path("jwks.json").read_text() == "[]"
    assert not Path("issuer.jwk.json").exists()


def test_of_any_key_the_public_part_alone_is_shown_and_nothing_written(
    somebody: Terminal, checkpoint: tuple[Path, Path]
) -> None:
    private, public = checkpoint
    somebody.reads(*TOKENS)
    files = [str(private), str(public), "issuer.jwk.json", "jwks.json"]
    before = [Path(file).read_bytes() for file in files]

    shown = somebody.asks("keys", "show", *files)
    told = somebody.reads("keys", "show", *files)

    assert [each["kind"] for each in shown] == [
        "checkpoint, private",
        "checkpoint, public",
        "token, private",
        "token, public",
    ]
    assert shown[0]["public"] == shown[1]["public"] == str(Verifier.read(public.read_text()))
    assert shown[0]["fingerprint"] == shown[1]["fingerprint"]
    assert shown[2]["public"] == shown[3]["public"]
    secret = json.loads(Path("issuer.jwk.json").read_bytes())["d"]
    assert secret not in told + json.dumps(shown)
    assert "PRIVATE KEY" not in told
    assert [Path(file).read_bytes() for file in files] == before
    assert somebody.reads("checkpoint-key", str(private)) == public.read_text()


@pytest.mark.parametrize("content", ["a s3cr3t of something else", '{"kty": "s3cr3t"}', ""])
def test_what_is_no_key_is_not_shown(somebody: Terminal, content: str) -> None:
    Path("file").write_text(content)
    done = somebody.types("keys", "show", "file")
    assert (done.exit_code, "has no key" in done.output) == (1, True)
    assert "s3cr3t" not in done.output


def test_a_key_whose_id_begins_with_a_hyphen_is_retired_as_any_other(somebody: Terminal) -> None:
    Path("jwks.json").write_text('{"keys": []}')

    told = somebody.types("keys", "retire", "-vQ9x", "--public", "jwks.json")

    assert (told.exit_code, "has no key" in told.output) == (1, True)
