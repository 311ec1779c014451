"""The keys of checkpoints: the private one for signing, the public ones for checking."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from docket_proof.checkpoint import KEY_NAME
from docket_proof.note import Signer, Verifier
from docket_runtime.settings import Settings


def signer_of(settings: Settings) -> Signer | None:
    """Return the signer of DOCKET_CHECKPOINT_KEY, None where it is not set; raise ValueError."""
    if settings.checkpoint_key is None:
        return None
    key = load_pem_private_key(Path(settings.checkpoint_key).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("DOCKET_CHECKPOINT_KEY must be an Ed25519 key (PEM)")
    return Signer(KEY_NAME, key)


def verifiers_of(settings: Settings) -> tuple[Verifier, ...]:
    """Return the public keys of DOCKET_CHECKPOINT_KEYS and of our own key; raise ValueError.

    The file has a key `name+hash+base64` on each line; old keys stay in it, so that what they
    signed can still be checked.
    """
    own = signer_of(settings)
    known = [own.verifier] if own is not None else []
    if settings.checkpoint_keys is not None:
        lines = Path(settings.checkpoint_keys).read_text(encoding="utf-8").splitlines()
        known += [Verifier.read(line) for line in lines if line.strip()]
    return tuple(known)
