"""Sending mail: one connection to the SMTP server, kept while it lasts.

Only `send_message` is used; the raw calls would pass line breaks of an address through.
"""

from email.message import EmailMessage
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from docket_runtime.unavailable import Unavailable

PATIENCE_S = 10.0
BUSY_CODES = range(400, 500)

Delivery = Literal["accepted", "refused", "deferred"]


class Mailer:
    """A client of one SMTP server, named by `smtp://` or `smtps://[user:password@]host[:port]`."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("smtp", "smtps") or not address.hostname:
            raise ValueError("DOCKET_SMTP_URL is not smtp://host:port or smtps://host:port")
        self._smtp = aiosmtplib.SMTP(
            hostname=address.hostname,
            port=address.port,
            username=unquote(address.username) if address.username else None,
            password=unquote(address.password) if address.password else None,
            use_tls=address.scheme == "smtps",
            timeout=PATIENCE_S,
        )

    async def send(self, message: EmailMessage) -> Delivery:
        """Send a message; return the server's answer about this message and its recipient.

        Raises Unavailable if the server cannot be reached or serves nobody now: whether it took the
        message is then not known.
        """
        try:
            return await self._send(message)
        except SMTPServerDisconnected:
            self._smtp.close()  # it had closed the idle connection: try once on a new one
        return await self._send(message)

    async def close(self) -> None:
        """Disconnect from the server."""
        self._smtp.close()

    async def _send(self, message: EmailMessage) -> Delivery:
        try:
            if not self._smtp.is_connected:
                await self._smtp.connect()
            await self._smtp.send_message(message)
        except SMTPServerDisconnected:
            raise
        except SMTPRecipientsRefused as refused:
            busy = any(each.code in BUSY_CODES for each in refused.recipients)
            return "deferred" if busy else "refused"
        except SMTPSenderRefused as refused:
            raise Unavailable(
                f"the mail server refuses us as a sender: {refused.code}"
            ) from refused
        except SMTPResponseException as answer:
            if answer.code == 421 or not self._smtp.is_connected:
                raise Unavailable(f"the mail server serves nobody now: {answer.code}") from answer
            return "deferred" if answer.code in BUSY_CODES else "refused"
        except (SMTPException, OSError) as fault:
            self._smtp.close()
            raise Unavailable(f"the mail server is out of reach: {type(fault).__name__}") from fault
        return "accepted"
