"""Files of keys: a private one is made once and never replaced, public ones are added to.

The public part is there before anybody could sign with the private one.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from docket_cli.errors import CliError
from docket_proof.checkpoint import KEY_NAME
from docket_proof.note import Signer, Verifier
from docket_runtime.proof.keys import read_signer
from docket_runtime.token_keys import key_set, make_key


class ShownKey(msgspec.Struct, frozen=True):
    """A key as it may be shown: what it is for, its public part, and its fingerprint."""

    kind: str
    public: str
    fingerprint: str


def make_checkpoint_key(private: Path, public: Path) -> ShownKey:
    """Make a key that signs checkpoints; add its public line to a file. Raise CliError."""
    key = Ed25519PrivateKey.generate()
    verifier = Signer(KEY_NAME, key).verifier
    with _new(private) as file:
        _replace(public, _content(public) + f"{verifier}\n".encode())
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return _shown_verifier("checkpoint", verifier)


def make_token_key(private: Path, public: Path, kid: str | None = None) -> ShownKey:
    """Make a key that signs tokens; add its public part to a JWK set. Raise CliError."""
    key = make_key(kid)
    with _new(private) as file:
        _replace(public, _json({"keys": [*_described(public), key.as_dict(private=False)]}))
        file.write(_json(key.as_dict(private=True)))
    return _shown_jwk(key)


def retire_token_key(public: Path, kid: str) -> int:
    """Take a key out of a JWK set and return how many are left; raise CliError."""
    known = _described(public)
    left = [each for each in known if each.get("kid") != kid]
    if len(left) == len(known):
        raise CliError(f"{public} has no key {kid}")
    if not left:
        raise CliError(f"{kid} is the only key of {public}: make another one first")
    _replace(public, _json({"keys": left}))
    return len(left)


def shown(file: Path) -> Sequence[ShownKey]:
    """Return the public parts of the keys in a file, whichever kind they are; raise CliError."""
    try:
        raw = file.read_bytes()
        if raw.startswith(b"-----BEGIN"):
            return [_shown_verifier("checkpoint, private", read_signer(file).verifier)]
        if raw.lstrip().startswith(b"{"):
            return _shown_jwks(raw)
        return _shown_lines(raw.decode("ascii"))
    except OSError as fault:
        raise CliError(f"{file}: {fault.strerror}") from fault
    except (ValueError, JoseError, msgspec.MsgspecError):  # what stands there may be secret
        raise CliError(f"{file} has no key of Docket") from None


def _shown_lines(text: str) -> Sequence[ShownKey]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("no line has a key")
    return [_shown_verifier("checkpoint, public", Verifier.read(line)) for line in lines]


def _shown_jwks(raw: bytes) -> Sequence[ShownKey]:
    said = msgspec.json.decode(raw, type=dict[str, Any])
    if "keys" in said:
        return [_shown_jwk(key) for key in key_set(raw).keys]
    return [_shown_jwk(JWKRegistry.import_key(said))]


def _shown_jwk(key: Any) -> ShownKey:
    kind = "token, private" if key.is_private else "token, public"
    return ShownKey(kind, _json(key.as_dict(private=False)).decode().strip(), key.thumbprint())


def _shown_verifier(kind: str, verifier: Verifier) -> ShownKey:
    return ShownKey(kind, str(verifier), sha256(verifier.public).hexdigest())


def _described(public: Path) -> list[dict[str, Any]]:
    raw = _content(public)
    try:
        known: list[dict[str, Any]] = msgspec.json.decode(raw)["keys"] if raw else []
        if known:
            key_set(raw)
    except (ValueError, KeyError, TypeError) as wrong:
        raise CliError(f"{public} is no JWK set of public keys") from wrong
    return known


def _json(value: dict[str, Any]) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _content(public: Path) -> bytes:
    try:
        raw = public.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as fault:
        raise CliError(f"{public}: {fault.strerror}") from fault
    return raw if not raw or raw.endswith(b"\n") else raw + b"\n"


@contextmanager
def _new(private: Path) -> Iterator[BinaryIO]:
    """Yield a new file that nobody else can read; take it away again where the block fails."""
    try:
        private.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CliError(f"{private} is there already: a key is never overwritten") from None
    except OSError as fault:
        raise CliError(f"{private}: {fault.strerror}") from fault
    with os.fdopen(made, "wb") as file:
        try:
            yield file
            _settle(file)
        except BaseException:
            private.unlink()
            raise


def _replace(public: Path, content: bytes) -> None:
    """Write a public file whole or not at all, readable for all."""
    beside = public.with_name(f".{public.name}.new")
    try:
        public.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            _settle(file)
        beside.chmod(0o644)
        beside.replace(public)
    except OSError as fault:
        raise CliError(f"{public}: {fault.strerror}") from fault


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
