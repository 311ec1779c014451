"""The development key pair that signs this checkout's tokens: made on first use, then kept.

The services are given the public half only, as the JWK set that DOCKET_JWT_KEYS names.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import OKPKey

from docket_devstack.errors import SetupError
from docket_events.roles import ROLES
from docket_runtime.proof.keys import read_signer
from docket_runtime.settings import DEVELOPMENT_KID, Settings
from docket_runtime.token_keys import ALGORITHM, make_key


def public_keys(folder: Path) -> Path:
    """Return the file of the public JWK set, made with its private key where there is none."""
    _private_key(folder)
    return folder / "public.jwks.json"


def checkpoint_keys(folder: Path) -> tuple[Path, Path]:
    """Return the files of the private and the public key of checkpoints, there or not."""
    return folder / "checkpoint.pem", folder / "checkpoint.pub"


def make_checkpoint_keys(folder: Path) -> tuple[Path, Path]:
    """Return the files of both keys, made where there is none; a private key is never replaced.

    A missing public key is made of its private one, and so are the old keys' lines kept.
    """
    private, public = checkpoint_keys(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        made = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    line = str(read_signer(private).verifier)
    known = public.read_text(encoding="utf-8").splitlines() if public.exists() else []
    if line not in known:
        public.write_text("".join(f"{each}\n" for each in (*known, line)), encoding="utf-8")
    return private, public


def token(
    folder: Path,
    settings: Settings,
    *,
    role: str,
    subject: str,
    account: str | None,
    now: datetime,
    ttl: timedelta,
) -> str:
    """Sign an access token (RFC 9068) with the development key.

    A customer's token names the account; `now` is the real time. Raises
    SetupError in production, where no development key may open anything, and for a wrong role.
    """
    if settings.env == "prod":
        raise SetupError("development tokens are refused when DOCKET_ENV=prod")
    if role not in ROLES:
        raise SetupError(f"{role!r} is no role; roles are {', '.join(ROLES)}")
    if role == "customer" and not account:
        raise SetupError("a customer's token needs an account: --account acme")
    key = _private_key(folder)
    issued = int(now.timestamp())
    claims: dict[str, str | int] = {
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "sub": subject,
        "role": role,
        "iat": issued,
        "exp": issued + int(ttl.total_seconds()),
    }
    if role == "customer" and account:
        claims["account"] = account
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _private_key(folder: Path) -> OKPKey:
    private, public = folder / "private.jwk.json", folder / "public.jwks.json"
    if private.exists() and public.exists():
        known = OKPKey.import_key(msgspec.json.decode(private.read_bytes()))
        if (known.kid or "").startswith(DEVELOPMENT_KID):  # those of 0.1.0 could not be told
            return known
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kid = f"{DEVELOPMENT_KID}{token_hex(8)}"
    key = make_key(kid)
    private.touch(mode=0o600)
    private.write_bytes(msgspec.json.encode(key.as_dict(private=True)))
    public.write_bytes(msgspec.json.encode({"keys": [key.as_dict(private=False)]}))
    return key
