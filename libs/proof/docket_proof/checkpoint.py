"""Checkpoints (C2SP tlog-checkpoint): the size of a partition and the root of the tree over it."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from docket_proof.access import chain_name
from docket_proof.note import BadNote, Signer, Verifier, opened

KEY_NAME = "docket"


def origin(log_id: UUID, partition: int) -> str:
    """Return the name by which checkpoints of a partition, or of the accesses, are known."""
    return f"docket/{log_id}/{chain_name(partition)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` events of a log, known by the root of the tree over their hashes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def signer(seed: bytes) -> Signer:
    """Return the signer of checkpoints for a private key of 32 bytes; raise ValueError."""
    return Signer(KEY_NAME, Ed25519PrivateKey.from_private_bytes(seed))


def read(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Read a signed checkpoint; raise BadNote where it is none or no known key signed it."""
    name, size, root, *_ = [*opened(note, verifiers).split("\n"), "", "", ""]
    try:
        checkpoint = Checkpoint(name, int(size), b64decode(root, validate=True))
    except ValueError as error:
        raise BadNote("the note is no checkpoint") from error
    if str(checkpoint.size) != size or checkpoint.size < 0 or len(checkpoint.root) != 32:
        raise BadNote("the note is no checkpoint")
    return checkpoint
