"""The letters: each notice as a mail of plain text and HTML.

What people wrote is quoted as plain text only: control characters never reach a header, and the
HTML escapes everything.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from docket_lifecycle.state.ticket import Ticket
from docket_runtime.settings import Settings
from notifier.letter_text import LetterText
from notifier.letter_words import Texts, one_line, text_of
from notifier.owed_notice import OwedNotice

SUBJECT_LIMIT = 120


class Contact(msgspec.Struct, frozen=True):
    """Where a user can be reached."""

    email: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes the letters of one installation."""

    mail_from: str
    domain: str
    agents: str

    @classmethod
    def of(cls, settings: Settings) -> "Letters":
        """Return the letters with the addresses of the settings."""
        return cls(settings.mail_from, settings.mail_domain, settings.agents_address)

    def compose(
        self, notice: OwedNotice, ticket: Ticket, texts: Texts, at: datetime, letter: LetterText
    ) -> EmailMessage | None:
        """Return the mail for a notice, None if there is nobody to whom it could be sent."""
        contact = Contact(self.agents) if notice.to_agents else contact_of(ticket, texts)
        to = _address(contact)
        if to is None:
            return None
        title = f"[#{ticket.number}] {letter.headline}"
        topic = "" if notice.to_agents else one_line(text_of(ticket.subject, texts))
        message = EmailMessage(policy=SMTP)
        message["From"] = self.mail_from
        message["To"] = to
        message["Reply-To"] = self.mail_from
        message["Subject"] = one_line(f"{title}: {topic}" if topic else title)[:SUBJECT_LIMIT]
        message["Date"] = format_datetime(at.astimezone(UTC))
        message["Message-ID"] = f"<{notice.id}@{self.domain}>"
        root = f"<{ticket.id}@{self.domain}>"
        message["In-Reply-To"] = root
        message["References"] = root
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter.text)
        message.add_alternative(letter.page, subtype="html")
        message["Content-Language"] = letter.language  # set before, the content would remove it
        return message


def contact_of(ticket: Ticket, texts: Texts) -> Contact | None:
    """Return where the user of a ticket can be reached, None where nobody knows."""
    body = texts.get(ticket.contact.id) if ticket.contact is not None else None
    if body is None:
        return None
    try:
        return msgspec.json.decode(body, type=Contact)
    except msgspec.MsgspecError:
        return None


def _address(contact: Contact | None) -> Address | None:
    if contact is None:
        return None
    try:
        return Address(one_line(contact.name or ""), addr_spec=contact.email)
    except (ValueError, IndexError):  # what the parser raises for a text that is no address
        return None
