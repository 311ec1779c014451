"""Signed notes (C2SP signed-note): a text and below it the signatures, with Ed25519.

A verifier's key is written `name+hash+base64`, so that it fits into a line of a configuration.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "


class BadNote(ValueError):
    """A note that is not one, or that none of the given keys has signed."""


class Verifier:
    """The public half of a named key."""

    def __init__(self, name: str, public: bytes) -> None:
        if not name or any(letter.isspace() or letter == "+" for letter in name):
            raise ValueError(f"{name!r} is no name of a key: no blanks, no plus")
        self.name = name
        self.public = public
        self.id = sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]
        self._key = Ed25519PublicKey.from_public_bytes(public)

    def __str__(self) -> str:
        """Return the key as it is written into a configuration."""
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "Verifier":
        """Read a key that is written `name+hash+base64`; raise ValueError."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        key = b64decode(encoded, validate=True)
        if key[:1] != _ED25519:
            raise ValueError("the key is not one of Ed25519")
        verifier = cls(name, key[1:])
        if verifier.id.hex() != key_id:
            raise ValueError("the key is not the one that its hash names")
        return verifier

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Tell whether the key signed the text."""
        try:
            self._key.verify(signature, text)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A named private key."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = Verifier(name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the text as a note signed by this key; it must end with a newline."""
        if not text.endswith("\n"):
            raise ValueError("the text of a note ends with a newline")
        signature = self.verifier.id + self._private.sign(text.encode())
        return f"{text}\n{_DASH}{self.verifier.name} {b64encode(signature).decode()}\n"


def opened(note: str, verifiers: Iterable[Verifier]) -> str:
    """Return the text of a note that one of the keys has signed; raise BadNote."""
    text, blank, beneath = note.rpartition("\n\n")
    if not blank or not beneath.endswith("\n"):
        raise BadNote("a note has a text, an empty line and signatures")
    text += "\n"
    keys = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    for line in beneath.splitlines():
        name, signature = _signature(line)
        key = keys.get((name, signature[:4]))
        if key is not None:
            if not key.signed(text.encode(), signature[4:]):
                raise BadNote(f"the signature of {name} does not fit the text")
            return text
    raise BadNote("no known key has signed the note")


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        signature = b64decode(encoded, validate=True)
    except ValueError:
        signature = b""
    if not line.startswith(_DASH) or not name or len(signature) < 5:
        raise BadNote("a line beneath the text is no signature")
    return name, signature
