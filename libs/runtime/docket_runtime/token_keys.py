"""The keys of tokens as JWK sets: the public ones that verify, and pairs of an own issuer."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet, OKPKey

from docket_runtime.settings import DEVELOPMENT_KID

ALGORITHM = "Ed25519"  # RFC 9864


class _Described(msgspec.Struct):
    keys: list[dict[str, Any]]


def read_keys(path: Path) -> KeySet:
    """Read a JWK set of public keys; raise OSError, or ValueError that says what is wrong."""
    return key_set(path.read_bytes())


def key_set(raw: bytes) -> KeySet:
    """Return the signing keys of a JWK set; raise ValueError that says what is wrong with it.

    A key of a kind that is not known is passed by.
    """
    try:
        described = msgspec.json.decode(raw, type=_Described).keys
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise ValueError(f"no JWK set: {wrong}") from None
    keys = list[Key]()
    for each in described:
        with suppress(JoseError, ValueError, TypeError, KeyError):  # a kind that we do not know
            key = JWKRegistry.import_key(each)
            if each.get("use", "sig") == "sig":
                keys.append(key)
    if any(key.is_private or key.key_type == "oct" for key in keys):
        raise ValueError("a JWK set must hold public asymmetric keys only")
    if not keys:
        raise ValueError("the JWK set has no key that signs")
    return KeySet(keys)


def make_key(kid: str | None = None) -> OKPKey:
    """Return a new private key that signs tokens; it is named by its thumbprint (RFC 7638)."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM})
    named = {**key.as_dict(private=True), "kid": kid or key.thumbprint()}
    return OKPKey.import_key(named)


def is_of_development(keys: KeySet) -> bool:
    """Return whether any of the keys is one that `docket token` signs with."""
    return any((key.kid or "").startswith(DEVELOPMENT_KID) for key in keys.keys)
