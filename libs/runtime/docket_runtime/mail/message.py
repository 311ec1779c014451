"""Messages: what people wrote becomes headers and text of a mail, and never its source.

Fields are made here from their parts and stored as they are; no parser of headers sees what
somebody typed (CVE-2024-6923). What will be sent is read again and compared with what was meant.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from docket_runtime.mail.encoded_words import LONGEST_LINE, is_plain, words
from docket_runtime.mail.reading import Unsound, compare
from docket_runtime.mail.text import sound_line, sound_lines

_POLICY = compat32.clone(linesep="\r\n")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ADDRESS = re.compile(r'(?:"[^\s"\\<>@]+"|[^\s"\\<>@,;:()\[\]]+)@[A-Za-z0-9.-]+', re.ASCII)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address as `address.normalised` returns it, and the name of who reads there."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """The parts of a mail: `text` and `page` (HTML) say the same.

    `thread` is the Message-ID of the mail that begins the thread, `marks` are further fields, whose
    values nobody typed.
    """

    message_id: str
    sender: Mailbox
    to: Mailbox
    subject: str
    date: datetime
    text: str
    page: str
    thread: str | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComposedMail:
    """A mail that can be sent: its envelope, and its message."""

    sender: str
    recipient: str
    message: Message
    content: bytes


@dataclass(frozen=True, slots=True)
class _Verbatim:
    """The value of a field as it goes out; the generator of the standard library asks `encode`."""

    folded: str

    def encode(self, *, linesep: str = "\n", **_unused: Any) -> str:
        """Return the value with these ends of lines."""
        return self.folded.replace("\n", linesep)

    def __str__(self) -> str:
        return self.folded.replace("\n", "")


def compose(mail: OutgoingMail) -> ComposedMail:
    """Return the mail as it goes out; raise Unsound if it would not say what was meant."""
    sender, to = sound(mail.sender), sound(mail.to)
    subject = sound_line(mail.subject)
    text, page = (sound_lines(each).rstrip("\n") + "\n" for each in (mail.text, mail.page))
    plain = {"Date": format_datetime(mail.date.astimezone(UTC)), "Message-ID": mail.message_id}
    if mail.thread is not None:
        plain |= {"In-Reply-To": mail.thread, "References": mail.thread}
    plain |= mail.marks

    message = Message(policy=_POLICY)
    for name, value in {
        "From": _mailbox("From", sender),
        "To": _mailbox("To", to),
        "Reply-To": _mailbox("Reply-To", sender),
        "Subject": _folded("Subject", _plain_or_words("Subject", subject, subject.split())),
        **{name: _plain(name, value) for name, value in plain.items()},
    }.items():
        _put(message, name, value)
    _put(message, "MIME-Version", "1.0")
    boundary = f"=_{sha256(mail.message_id.encode()).hexdigest()[:24]}"
    _put(message, "Content-Type", f'multipart/alternative; boundary="{boundary}"')
    message.set_payload([_part("plain", text), _part("html", page)])

    content = _content(message)
    mailboxes = {
        name: (each.name, each.address)
        for name, each in {"From": sender, "To": to, "Reply-To": sender}.items()
    }
    compare(content, message.keys(), mailboxes, {"Subject": subject, **plain}, (text, page))
    return ComposedMail(sender.address, to.address, message, content)


def sound(mailbox: Mailbox) -> Mailbox:
    """Return the mailbox, its name on one line; raise Unsound if no field can hold the address."""
    address = mailbox.address
    if not _ADDRESS.fullmatch(address) or not is_plain(address):
        raise Unsound("an address that a field cannot hold")
    return Mailbox(address, sound_line(mailbox.name))


def _mailbox(name: str, mailbox: Mailbox) -> str:
    address = f"<{mailbox.address}>" if mailbox.name else mailbox.address
    return _folded(name, [*_phrase(name, mailbox.name), address])


def _phrase(name: str, text: str) -> Sequence[str]:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    plain = text.split() if _ATOMS.fullmatch(text) else [f'"{escaped}"'] if text else []
    return _plain_or_words(name, text, plain)


def _plain_or_words(name: str, text: str, plain: Sequence[str]) -> Sequence[str]:
    room = LONGEST_LINE - len(f"{name}: ")
    fits = is_plain(text) and all(len(token) <= room for token in plain)
    return plain if fits else words(text, room)


def _plain(name: str, value: str) -> str:
    if not is_plain(value):
        raise Unsound(f"{name} is not plain")
    return value


def _folded(name: str, tokens: Sequence[str]) -> str:
    """Return the tokens with a space or, where a line is full, the end of a line between them."""
    lines, length = [""], len(f"{name}: ")
    for token in tokens:
        if lines[-1] and length + 1 + len(token) > LONGEST_LINE:
            lines.append(f" {token}")
            length = 1 + len(token)
        else:
            lines[-1] += f" {token}" if lines[-1] else token
            length += len(token) + 1
    return "\n".join(lines)


def _put(message: Message, name: str, value: str) -> None:
    verbatim: Any = _Verbatim(value)
    message[name] = verbatim


def _part(subtype: str, text: str) -> Message:
    """Return a part in the shorter encoding of those in which no line is special."""
    raw = text.replace("\n", "\r\n").encode()
    coding, coded = "quoted-printable", b2a_qp(raw)
    base64 = encodebytes(raw)
    if b"\nFrom " in b"\n" + coded or len(base64) < len(coded):  # the generator alters "From "
        coding, coded = "base64", base64
    part = Message(policy=_POLICY)
    _put(part, "Content-Type", f'text/{subtype}; charset="utf-8"')
    _put(part, "Content-Transfer-Encoding", coding)
    part.set_payload(coded.decode())
    return part


def _content(message: Message) -> bytes:
    flat = BytesIO()
    BytesGenerator(flat, policy=_POLICY).flatten(message)
    return flat.getvalue()
