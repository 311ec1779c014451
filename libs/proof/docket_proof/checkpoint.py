"""Checkpoints (C2SP tlog-checkpoint): the size of a partition and the root of the tree over it."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from docket_proof.access import chain_name
from docket_proof.note import BadNote, Signer, Verifier, opened

KEY_NAME = "docket"

_NUMBERS = "numbers "


def origin(log_id: UUID, partition: int) -> str:
    """Return the name by which checkpoints of a partition, or of the accesses, are known."""
    return f"docket/{log_id}/{chain_name(partition)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` events of a log, known by the root of the tree over their hashes.

    `numbers` is the beginning of the last hundred numbers of tickets that were given out by then, a
    line of its own behind the root: what a restored log goes on beyond (decision 0042).
    """

    origin: str
    size: int
    root: bytes
    numbers: int | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        numbers = "" if self.numbers is None else f"{_NUMBERS}{self.numbers}\n"
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{numbers}"


def signer(seed: bytes) -> Signer:
    """Return the signer of checkpoints for a private key of 32 bytes; raise ValueError."""
    return Signer(KEY_NAME, Ed25519PrivateKey.from_private_bytes(seed))


def read(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Read a signed checkpoint; raise BadNote where it is none or no known key signed it."""
    name, size, root, *more = [*opened(note, verifiers).split("\n"), "", "", ""]
    told = [line.removeprefix(_NUMBERS) for line in more if line.startswith(_NUMBERS)]
    try:
        numbers = int(told[0]) if told else None
        checkpoint = Checkpoint(name, int(size), b64decode(root, validate=True), numbers)
    except ValueError as error:
        raise BadNote("the note is no checkpoint") from error
    if str(checkpoint.size) != size or checkpoint.size < 0 or len(checkpoint.root) != 32:
        raise BadNote("the note is no checkpoint")
    return checkpoint
