"""The keys of checkpoints: the private one for signing, the public ones for checking."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from docket_proof.checkpoint import KEY_NAME
from docket_proof.note import Signer, Verifier
from docket_runtime.settings import Settings


def signer_of(settings: Settings) -> Signer | None:
    """Return the signer of DOCKET_CHECKPOINT_KEY, None where it is not set; raise ValueError."""
    return None if settings.checkpoint_key is None else read_signer(Path(settings.checkpoint_key))


def read_signer(file: Path) -> Signer:
    """Return the signer of a private key; raise ValueError or OSError."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} must have an Ed25519 key (PEM)")
    return Signer(KEY_NAME, key)


def verifiers_of(settings: Settings) -> tuple[Verifier, ...]:
    """Return the public keys of DOCKET_CHECKPOINT_KEYS, () where it is not set.

    The file has a key `name+hash+base64` on each line; old keys stay in it, so that what they
    signed can still be checked. Whoever verifies needs no private key. Raise ValueError, or OSError
    that says how the file is made.
    """
    if settings.checkpoint_keys is None:
        return ()
    file = Path(settings.checkpoint_keys)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{file} is not there; `docket checkpoint-key PRIVATE.pem >> {file}` writes the public"
            " key of a private one into it"
        ) from None
    return tuple(Verifier.read(line) for line in lines if line.strip())
