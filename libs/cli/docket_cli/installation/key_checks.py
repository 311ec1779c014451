"""Checks of keys: those that verify tokens, and those that sign and check checkpoints."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
from joserfc.jwk import KeySet

from docket_cli.installation.findings import Finding, fault, ok, warning
from docket_cli.installation.setting_checks import open_to_others
from docket_proof.note import Signer
from docket_runtime.proof.keys import read_signer, verifiers_of
from docket_runtime.settings import Settings
from docket_runtime.token_keys import is_of_development, key_set, read_keys

PATIENCE_S = 5.0


def of_tokens(settings: Settings) -> Iterator[Finding]:
    """Yield whether ticket-api can verify tokens."""
    if settings.jwks_url is None and settings.jwt_keys is None:
        yield fault(
            "token keys",
            "nothing says with which keys tokens are verified",
            "set DOCKET_JWKS_URL, or DOCKET_JWT_KEYS (docket keys make tokens)",
        )
        return
    place = settings.jwks_url or str(settings.jwt_keys)
    try:
        keys = _fetched(place) if settings.jwks_url else read_keys(Path(place))
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as wrong:
        why = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
        yield fault("token keys", f"{place}: {why}", "put a JWK set with public keys there")
        return
    ids = ", ".join(str(key.kid or "one without an id") for key in keys.keys)
    if settings.env == "prod" and is_of_development(keys):
        yield fault("token keys", f"{place} has keys of development", "take those of your issuer")
    else:
        yield ok("token keys", f"{place} has {ids}")


def of_checkpoints(settings: Settings, *, signs: bool) -> Iterator[Finding]:
    """Yield whether checkpoints are signed by a key that is known, and kept where they can be.

    `signs` says that this is looked at for sla-clock, which has the private key.
    """
    try:
        known = {str(each) for each in verifiers_of(settings)}
    except (OSError, ValueError) as wrong:
        yield fault("checkpoints", f"DOCKET_CHECKPOINT_KEYS: {wrong}")
        return
    if settings.checkpoint_keys is None:
        yield warning(
            "checkpoints",
            "DOCKET_CHECKPOINT_KEYS is not set, so no signature can be checked here",
            "name the file of public keys (docket keys make checkpoint)",
        )
    elif not known:
        yield fault(
            "checkpoints", f"{settings.checkpoint_keys} has no key", "docket keys show PRIVATE"
        )
    else:
        yield ok("checkpoints", f"{settings.checkpoint_keys} has {len(known)} public keys")
    if signs:
        yield from _of_signing(settings, known)


def _of_signing(settings: Settings, known: set[str]) -> Iterator[Finding]:
    if settings.checkpoint_key is None:
        if settings.env != "prod":  # there it is refused
            yield warning(
                "checkpoints",
                "DOCKET_CHECKPOINT_KEY is not set, so nothing is signed",
                "docket keys make checkpoint",
            )
        return
    private = Path(settings.checkpoint_key)
    try:
        signer = read_signer(private)
    except (OSError, ValueError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "it is no Ed25519 key (PEM)"
        yield fault("checkpoints", f"DOCKET_CHECKPOINT_KEY names {private}: {why}")
        return
    yield from _of_pair(settings, private, signer, known)
    if settings.checkpoints_file is not None:
        yield from _of_copy(Path(settings.checkpoints_file))


def _of_pair(
    settings: Settings, private: Path, signer: Signer, known: set[str]
) -> Iterator[Finding]:
    if open_to_others(private):
        yield warning("checkpoints", f"{private} can be read by others", f"chmod 600 {private}")
    if settings.checkpoint_keys is not None and str(signer.verifier) not in known:
        yield fault(
            "checkpoints",
            f"{settings.checkpoint_keys} does not have the public key of {private}",
            f"docket checkpoint-key {private} >> {settings.checkpoint_keys}",
        )
    else:
        yield ok("checkpoints", f"{private} signs as {signer.verifier.name}")


def _of_copy(copy: Path) -> Iterator[Finding]:
    writable = os.access(copy, os.W_OK) if copy.exists() else os.access(copy.parent, os.W_OK)
    if writable:
        yield ok("checkpoints", f"copies are kept in {copy}")
    else:
        yield fault(
            "checkpoints",
            f"DOCKET_CHECKPOINTS_FILE names {copy}, which cannot be written here",
            "make its folder for the user that sla-clock runs as, and check as that user",
        )


def _fetched(url: str) -> KeySet:
    """Return the keys at an address; raise HTTPError or ValueError."""
    answer = httpx.get(url, timeout=PATIENCE_S, follow_redirects=False)
    if answer.status_code != httpx.codes.OK:
        raise ValueError(f"the issuer answered {answer.status_code}")
    return key_set(answer.content)
