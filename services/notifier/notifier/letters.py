"""The letters: each notice as a mail of plain text and HTML, in words of our own.

What people wrote is quoted as text and nothing else: control characters never reach a header, and
the HTML escapes everything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from docket_events.clock import ResponseOverdue
from docket_events.ticket import ClosureDecided, ContentRef, InformationRequested
from docket_lifecycle.ticket import Ticket
from docket_policies.deadlines import objections_until
from docket_policies.model import Policy
from docket_runtime.settings import Settings
from notifier.decide import Notice, NoticeKind

SUBJECT_LIMIT = 120

SUBJECTS: Mapping[NoticeKind, str] = {
    "registration": "Your ticket is registered",
    "registration_alert": "No registration notice was sent",
    "information_request": "We need something from you",
    "overdue_alert": "The answer is late",
    "closing": "Your ticket is closed",
}

Texts = Mapping[UUID, bytes | None]
"""Contents by id; None where one was erased."""


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
        self, notice: Notice, ticket: Ticket, policy: Policy, texts: Texts, at: datetime
    ) -> EmailMessage | None:
        """Return the mail for a notice, None where there is nobody whom it could be sent to."""
        contact = Contact(self.agents) if notice.to_agents else _contact(ticket, texts)
        to = _address(contact)
        if to is None:
            return None
        said = _words(notice, ticket, policy, texts, at)
        name = None if contact is None or contact.name is None else _one_line(contact.name)
        text = _letters.get_template(f"{notice.kind}.txt").render(said, name=name).strip()
        paragraphs = [each for each in re.split(r"\n{2,}", text) if each.strip()]
        text = "\n\n".join(paragraphs) + "\n"
        title = f"[#{ticket.number}] {SUBJECTS[notice.kind]}"
        topic = said["subject"]
        message = EmailMessage(policy=SMTP)
        message["From"] = self.mail_from
        message["To"] = to
        message["Reply-To"] = self.mail_from
        message["Subject"] = _one_line(f"{title}: {topic}" if topic else title)[:SUBJECT_LIMIT]
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


def refs_of(notice: Notice, ticket: Ticket) -> tuple[ContentRef, ...]:
    """Return the contents that a letter about this notice quotes."""
    event = notice.cause.event
    refs = [ticket.subject]
    if not notice.to_agents:
        refs.append(ticket.contact)
    if isinstance(event, InformationRequested):
        refs.append(event.items)
    if isinstance(event, ClosureDecided):
        refs.append(event.content)
    return tuple(ref for ref in refs if ref is not None)


def _words(
    notice: Notice, ticket: Ticket, policy: Policy, texts: Texts, at: datetime
) -> dict[str, Any]:
    event = notice.cause.event
    topic = "" if notice.to_agents else _text(ticket.subject, texts)
    said: dict[str, Any] = {"ticket": ticket, "cause": notice.cause, "subject": _one_line(topic)}
    if isinstance(event, InformationRequested):
        said |= {"request": ticket.requests[event.request], "items": _text(event.items, texts)}
        said |= {"clause": event.clause}
    if isinstance(event, ClosureDecided):
        reason = policy.closing_reasons.get(event.reason)
        said |= {"clause": event.clause, "reason": reason.says if reason else ""}
        said |= {"note": _text(event.content, texts), "window": policy.objection_window}
        said |= {"until": objections_until(policy, at)}
    if isinstance(event, ResponseOverdue):
        said["overdue"] = event
    return said


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
        return Address(_one_line(contact.name or ""), addr_spec=contact.email)
    except (ValueError, IndexError):  # what the parser raises for things that are no address
        return None


def _text(ref: ContentRef | None, texts: Texts) -> str:
    body = texts.get(ref.id) if ref is not None else None
    return "" if body is None else body.decode(errors="replace").strip()


def _one_line(text: str) -> str:
    """Return the text without control characters and line ends of any alphabet."""
    printable = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(printable).split())


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


_loader = PackageLoader("notifier")
_letters = Environment(
    loader=_loader,
    autoescape=False,  # noqa: S701 - plain text; the page has an environment that escapes
    undefined=StrictUndefined,
)
_letters.filters["instant"] = _instant
_pages = Environment(loader=_loader, autoescape=True, undefined=StrictUndefined)
