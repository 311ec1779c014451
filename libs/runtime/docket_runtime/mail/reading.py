"""Reading a message again before it goes out: is there in it what was meant, and nothing else?"""

import re
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from docket_runtime.mail.encoded_words import decoded

LONGEST_LINE = 998
"""Without its end (RFC 5322, 2.1.1)."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_FOLD = re.compile(r"\r\n(?=[ \t])")


class Unsound(ValueError):
    """A mail would not say what was meant: the text says in which part, and quotes nothing."""


def compare(
    content: bytes,
    names: Sequence[str],
    mailboxes: Mapping[str, tuple[str, str]],
    values: Mapping[str, str],
    texts: Sequence[str],
) -> None:
    """Raise Unsound unless the content has exactly these fields and texts.

    `mailboxes` are name and address of the fields that have one, `values` what is to be read in the
    others.
    """
    _refuse_lines(content)
    parsed = message_from_bytes(content, policy=compat32)
    if parsed.keys() != list(names):
        raise Unsound("other fields than meant")
    for name, value in values.items():
        if _shown(_unfolded(parsed, name)) != value:
            raise Unsound(f"{name} reads otherwise than meant")
    for name, mailbox in mailboxes.items():
        if _mailbox_in(_unfolded(parsed, name)) != mailbox:
            raise Unsound(f"{name} reads otherwise than meant")
    if _texts_in(parsed) != list(texts):
        raise Unsound("the text reads otherwise than meant")


def _refuse_lines(content: bytes) -> None:
    for line in content.split(b"\r\n"):
        if len(line) > LONGEST_LINE:
            raise Unsound("a line is too long")
        if b"\r" in line or b"\n" in line:
            raise Unsound("the end of a line is half")


def _unfolded(message: Message, name: str) -> str:
    return _FOLD.sub("", str(message[name]))


def _shown(value: str) -> str:
    try:
        return decoded(value)
    except ValueError as fault:
        raise Unsound("an encoded word reads otherwise than meant") from fault


def _mailbox_in(value: str) -> tuple[str, str]:
    """Return the name and the address in a field that has one mailbox."""
    name, space, address = value.rpartition(" ")
    if not space:
        return "", value
    quoted = _QUOTED.fullmatch(name)
    name = _ESCAPED.sub(r"\1", quoted[1]) if quoted else _shown(name)
    return name, address.removeprefix("<").removesuffix(">")


def _texts_in(message: Message) -> list[str]:
    parts = message.get_payload()
    if not isinstance(parts, list):
        return []
    return [_text_in(part) for part in parts if isinstance(part, Message)]


def _text_in(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise Unsound("a part is no text")
    return payload.decode("utf-8", "replace").replace("\r\n", "\n")
