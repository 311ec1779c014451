"""A mail server of a test's own: it keeps what it is sent, and can be busy, picky or gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from docket_devstack.ports import free_port


class Postbox:
    """An SMTP server on a port of its own, and the mails it took."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """Return the address of the server."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def subjects(self) -> list[str]:
        """Return the subjects of the mails, in the order of their arrival."""
        return [str(mail["Subject"]) for mail in self.mails]

    def open(self) -> None:
        """Start to serve."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Stop to serve."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or answer what the test wants answered."""
        if address not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Serve while the block runs."""
    box = Postbox()
    box.open()
    try:
        yield box
    finally:
        box.close()
