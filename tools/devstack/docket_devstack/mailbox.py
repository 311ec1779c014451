"""A mailbox that accepts every mail over SMTP and keeps it as a file: development only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from docket_devstack.ports import LOOPBACK

LARGEST_MAIL = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was received; `number` counts from 1 in the order of arrival."""

    number: int
    message_id: str
    subject: str
    sender: str
    to: tuple[str, ...]
    headers: dict[str, str]
    text: str
    html: str | None = None


class Mailbox:
    """The mails of one folder, in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # they are people's mails
        files = sorted(folder.glob("*.eml"))
        self._mails = [_read(int(file.stem), file.read_bytes()) for file in files]

    def newest_first(self) -> list[Mail]:
        """Return all mails, the latest first."""
        return self._mails[::-1]

    def mail(self, number: int) -> Mail | None:
        """Return the mail of this number, None where there is none."""
        return next((mail for mail in self._mails if mail.number == number), None)

    def source(self, number: int) -> bytes | None:
        """Return a mail as it was received, None where there is none."""
        file = self.folder / f"{number:08}.eml"
        return file.read_bytes() if file.is_file() else None

    def keep(self, content: bytes, recipients: tuple[str, ...]) -> Mail:
        """Keep a mail as it was received; the recipients are those of its envelope."""
        number = self._mails[-1].number + 1 if self._mails else 1
        envelope = b"X-Envelope-To: " + ", ".join(recipients).encode() + b"\r\n"
        (self.folder / f"{number:08}.eml").write_bytes(envelope + content)
        mail = _read(number, envelope + content)
        self._mails.append(mail)
        return mail

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Accept the mail of an SMTP session."""
        content = envelope.original_content or b""
        self.keep(content, tuple(str(address) for address in envelope.rcpt_tos))
        return "250 kept"


@asynccontextmanager
async def listening(mailbox: Mailbox, port: int) -> AsyncIterator[int]:
    """Accept mails over SMTP on this port (0: any free one) and yield the port."""
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, hostname="docket.localhost", data_size_limit=LARGEST_MAIL),
        LOOPBACK,
        port,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


def _read(number: int, content: bytes) -> Mail:
    message = cast(EmailMessage, message_from_bytes(content, policy=cast(Any, default)))
    body = message.get_body(preferencelist=("plain", "html"))
    page = message.get_body(preferencelist=("html",))
    headers = {name: str(value) for name, value in message.items() if name != "X-Envelope-To"}
    recipients = str(message["X-Envelope-To"] or "")
    return Mail(
        number=number,
        message_id=headers.get("Message-ID", ""),
        subject=headers.get("Subject", ""),
        sender=headers.get("From", ""),
        to=tuple(each for each in recipients.split(", ") if each),
        headers=headers,
        text=str(body.get_content()) if body is not None else "",
        html=str(page.get_content()) if page is not None else None,
    )
