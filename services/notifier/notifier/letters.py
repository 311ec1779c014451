"""The letters: each notice as a mail of plain text and HTML.

What people wrote is quoted as plain text only: control characters never reach a header, and the
HTML escapes everything.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from docket_events.instants import day_and_time
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy
from docket_runtime.settings import Settings
from notifier.decide import OwedNotice
from notifier.letter_words import SUBJECTS, Texts, one_line, words_of

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
    client_area: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Letters":
        """Return the letters with the addresses of the settings."""
        return cls(
            settings.mail_from,
            settings.mail_domain,
            settings.agents_address,
            settings.client_area_url,
        )

    def compose(
        self, notice: OwedNotice, ticket: Ticket, policy: Policy, texts: Texts, at: datetime
    ) -> EmailMessage | None:
        """Return the mail for a notice, None if there is nobody to whom it could be sent."""
        contact = Contact(self.agents) if notice.to_agents else _contact(ticket, texts)
        to = _address(contact)
        if to is None:
            return None
        said = words_of(notice, ticket, policy, texts, at)
        name = None if contact is None or contact.name is None else one_line(contact.name)
        text = _letters.get_template(f"{notice.kind}.txt").render(
            said, name=name, link=self._link(ticket)
        )
        paragraphs = [each for each in re.split(r"\n{2,}", text.strip()) if each.strip()]
        text = "\n\n".join(paragraphs) + "\n"
        title = f"[#{ticket.number}] {SUBJECTS[notice.kind]}"
        topic = said["subject"]
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
        message.set_content(text)
        page = _pages.get_template("letter.html").render(title=title, paragraphs=paragraphs)
        message.add_alternative(page, subtype="html")
        return message

    def _link(self, ticket: Ticket) -> str | None:
        return f"{self.client_area.rstrip('/')}/tickets/{ticket.id}" if self.client_area else None


def _contact(ticket: Ticket, texts: Texts) -> Contact | None:
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


def _instant(instant: datetime) -> str:
    return f"{day_and_time(instant)} UTC"


_loader = PackageLoader("notifier")
_letters = Environment(
    loader=_loader,
    autoescape=False,  # noqa: S701 - plain text; the page has an environment that escapes
    undefined=StrictUndefined,
)
_letters.filters["instant"] = _instant
_pages = Environment(loader=_loader, autoescape=True, undefined=StrictUndefined)
