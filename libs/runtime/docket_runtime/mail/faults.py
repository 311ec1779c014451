"""Whose fault it is that a mail was not taken: of this message, or of the server.

Only a fault of the server holds up other mails. `FAULTS` says it for every step of the conversation
and every reply; the codes are those of RFC 5321 (4.2), RFC 4954 (6) and RFC 3207 (4).
"""

from dataclasses import dataclass
from typing import Literal

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPTimeoutError,
)

Verdict = Literal["refused", "deferred", "server"]

_ANY = range(-1, 1000)
_TEMPORARY = range(400, 500)
_LEAVING = (421,)
"""The server closes the connection, whatever was asked."""
_US = (432, 454, 503, 530, 534, 535, 538)
"""About who we are or the order of our commands; the next mail would hear the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a kind of fault with one of these codes means; `step` is where it comes about."""

    step: str
    kind: type[BaseException]
    codes: range | tuple[int, ...]
    verdict: Verdict


FAULTS = (
    Fault("connecting, greeting", SMTPConnectError, _ANY, "server"),
    Fault("EHLO, HELO", SMTPHeloError, _ANY, "server"),
    Fault("AUTH", SMTPAuthenticationError, _ANY, "server"),
    Fault("any command", SMTPResponseException, _LEAVING, "server"),
    Fault("any command", SMTPResponseException, _US, "server"),
    Fault("MAIL: too large", SMTPSenderRefused, (552,), "refused"),
    Fault("MAIL: the sender is ours", SMTPSenderRefused, _ANY, "server"),
    Fault("RCPT", SMTPRecipientRefused, _TEMPORARY, "deferred"),
    Fault("RCPT", SMTPRecipientRefused, _ANY, "refused"),
    Fault("DATA, end of data", SMTPDataError, _TEMPORARY, "deferred"),
    Fault("DATA, end of data", SMTPDataError, range(500, 600), "refused"),
    Fault("STARTTLS, a malformed reply", SMTPResponseException, _ANY, "server"),
    Fault("the address needs SMTPUTF8", SMTPNotSupported, _ANY, "refused"),
    Fault("no reply in time", SMTPTimeoutError, _ANY, "server"),
    Fault("TLS or AUTH cannot be had, the connection was lost", SMTPException, _ANY, "server"),
    Fault("the network, TLS", OSError, _ANY, "server"),
    Fault("what the library or we cannot write", Exception, _ANY, "refused"),
)
"""The first row that fits counts."""


def judge(fault: Exception) -> tuple[Verdict, str]:
    """Return what a fault of sending means, and its code: the server's, or the fault's name."""
    if isinstance(fault, SMTPRecipientsRefused):  # one mail has one recipient
        (fault,) = fault.recipients
    code = fault.code if isinstance(fault, SMTPResponseException) else 0
    for row in FAULTS:
        if isinstance(fault, row.kind) and code in row.codes:
            return row.verdict, str(code) if code else type(fault).__name__
    raise AssertionError("the last row is every exception")
