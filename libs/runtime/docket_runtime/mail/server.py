"""The mail server: one connection, kept while it lasts.

Only `send_message` is used, which takes the envelope apart from the headers; the raw calls have let
line breaks of an address through.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog
from aiosmtplib import SMTPException, SMTPServerDisconnected

from docket_runtime.mail.faults import judge
from docket_runtime.mail.message import ComposedMail
from docket_runtime.unavailable import Unavailable

PATIENCE_S = 10.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail; `deferred` may succeed later, `code` says why it was not accepted.

    A code is that of the server's reply, or the name of what kept the mail from being written.
    """

    state: Literal["accepted", "refused", "deferred"]
    code: str | None = None


SCHEMES = ("smtp", "smtp+starttls", "smtps")


class Mailer:
    """A client of one SMTP server, named by `smtp://[user:password@]host[:port]`.

    `smtps://` is TLS from the first byte. `smtp+starttls://` is TLS before anything is said of a
    mail or a user, or no mail at all (RFC 3207); `smtp://` takes TLS where the server offers it.
    """

    def __init__(self, url: str) -> None:
        self._smtp = _client(url)

    async def send(self, mail: ComposedMail) -> Outcome:
        """Send a mail; return the server's answer about this mail and its recipient.

        Raises Unavailable if the server cannot be reached or serves nobody now: whether it took the
        mail is then not known.
        """
        try:
            return await self._send(mail)
        except SMTPServerDisconnected:
            self._smtp.close()  # it had closed the idle connection: try once on a new one
        try:
            return await self._send(mail)
        except SMTPServerDisconnected as fault:
            raise self._unavailable(type(fault).__name__) from fault

    async def close(self) -> None:
        """Disconnect from the server."""
        self._smtp.close()

    async def _send(self, mail: ComposedMail) -> Outcome:
        try:
            if not self._smtp.is_connected:
                await self._smtp.connect()
            await self._smtp.send_message(
                mail.message, sender=mail.sender, recipients=[mail.recipient]
            )
        except SMTPServerDisconnected:
            raise
        except Exception as fault:
            verdict, code = judge(fault)
            if verdict == "server":
                raise self._unavailable(code) from fault
            if not isinstance(fault, SMTPException):
                self._smtp.close()  # in the middle of an envelope, perhaps
                log.error("mail_not_writable", fault=code)
            return Outcome(verdict, code)
        return Outcome("accepted")

    def _unavailable(self, code: str) -> Unavailable:
        self._smtp.close()
        return Unavailable(f"the mail server is out of reach: {code}")


async def greet(url: str) -> None:
    """Connect to the mail server of a URL and say EHLO, without a password; raise Unavailable."""
    smtp = _client(url, logs_in=False)
    try:
        await smtp.connect()
        await smtp.ehlo()
    except (SMTPException, OSError) as fault:
        raise Unavailable(f"the mail server is out of reach: {judge(fault)[1]}") from fault
    finally:
        smtp.close()


def _client(url: str, *, logs_in: bool = True) -> aiosmtplib.SMTP:
    """Return a client of the server of a URL; raise ValueError for what is none."""
    address = urlsplit(url)
    if address.scheme not in SCHEMES or not address.hostname:
        named = ", ".join(f"{scheme}://host:port" for scheme in SCHEMES)
        raise ValueError(f"DOCKET_SMTP_URL is none of {named}")
    user, secret = (address.username, address.password) if logs_in else (None, None)
    return aiosmtplib.SMTP(
        hostname=address.hostname,
        port=address.port,
        username=unquote(user) if user else None,
        password=unquote(secret) if secret else None,
        use_tls=address.scheme == "smtps",
        start_tls=True if address.scheme == "smtp+starttls" else None,
        timeout=PATIENCE_S,
    )
