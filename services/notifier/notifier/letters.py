"""The letters: each notice as a mail of plain text and HTML.

What people wrote is quoted as plain text only, and the HTML escapes everything. A part that cannot
be had costs that part: a letter goes out plainer rather than not at all.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import msgspec
import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined

from docket_events.instants import day_and_time
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy
from docket_runtime.mail.address import BadAddress, normalised
from docket_runtime.mail.message import ComposedMail, Mailbox, OutgoingMail, compose, sound
from docket_runtime.mail.text import one_line, shortened
from docket_runtime.settings import Settings
from notifier.decide import OwedNotice
from notifier.letter_words import SUBJECTS, Texts, text_of, words_of

SUBJECT_LIMIT = 120
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

Part = TypeVar("Part")

log = structlog.get_logger()


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
        """Return the letters with the addresses of the settings; raise ValueError for a bad one."""
        for name, address in {
            "MAIL_FROM": settings.mail_from,
            "MAIL_DOMAIN": f"id@{settings.mail_domain}",
            "AGENTS_ADDRESS": settings.agents_address,
        }.items():
            try:
                sound(_our(address))
            except ValueError as wrong:
                raise ValueError(f"DOCKET_{name}: {wrong}") from None
        return cls(
            settings.mail_from,
            settings.mail_domain,
            settings.agents_address,
            settings.client_area_url,
        )

    def compose(
        self,
        notice: OwedNotice,
        ticket: Ticket,
        policy: Policy,
        texts: Texts,
        at: datetime,
        thread: UUID | None = None,
    ) -> ComposedMail | None:
        """Return the mail for a notice, None if there is nobody to whom it could be sent.

        `thread` is the notice that began the thread. Raises BadAddress for an address to which no
        mail can be sent.
        """
        to = _our(self.agents) if notice.to_agents else _recipient(ticket, texts)
        if to is None:
            return None
        topic = _or_nothing("topic", lambda: one_line(text_of(ticket.subject, texts))) or ""
        known = {ref.id: texts.get(ref.id) for ref in (ticket.subject, ticket.contact) if ref}

        def said(texts: Texts) -> Callable[[], Sequence[str]]:
            return lambda: self._paragraphs(notice, ticket, policy, texts, at, to.name)

        for paragraphs in (said(texts), said(known), said({}), lambda: (self._link(ticket) or "",)):
            try:
                return self._mail(notice, ticket, to, topic, paragraphs(), at, thread)
            except Exception:
                log.exception("letter_made_plainer", notice=str(notice.id), ticket=str(ticket.id))
        raise Unwritable("not even the plainest letter")

    def _mail(
        self,
        notice: OwedNotice,
        ticket: Ticket,
        to: Mailbox,
        topic: str,
        paragraphs: Sequence[str],
        at: datetime,
        thread: UUID | None,
    ) -> ComposedMail:
        title = SUBJECTS[notice.kind]
        subject = f"[#{ticket.number}] {topic or ticket.product}"
        whole = [f"{title}\n{subject}", *filter(None, paragraphs)]
        page = _pages.get_template("letter.html").render(title=title, paragraphs=whole)
        mail = OutgoingMail(
            message_id=self._message_id(notice.id),
            sender=_our(self.mail_from),
            to=to,
            subject=shortened(one_line(subject), SUBJECT_LIMIT),
            date=at.astimezone(UTC),
            text="\n\n".join(whole),
            page=page,
            thread=None if thread is None else self._message_id(thread),
            marks=AUTOMATIC,
        )
        return compose(mail)

    def _paragraphs(
        self,
        notice: OwedNotice,
        ticket: Ticket,
        policy: Policy,
        texts: Texts,
        at: datetime,
        name: str,
    ) -> Sequence[str]:
        said = words_of(notice, ticket, policy, texts, at)
        text = _letters.get_template(f"{notice.kind}.txt").render(
            said, name=name or None, link=self._link(ticket)
        )
        return [each for each in re.split(r"\n{2,}", text.strip()) if each.strip()]

    def _link(self, ticket: Ticket) -> str | None:
        return f"{self.client_area.rstrip('/')}/tickets/{ticket.id}" if self.client_area else None

    def _message_id(self, notice_id: UUID) -> str:
        return f"<{notice_id}@{self.domain}>"


class Unwritable(Exception):
    """A letter cannot be written, not even without all that could be left out."""


def _our(text: str) -> Mailbox:
    """Return the mailbox of a setting: an address, or `name <address>`."""
    name, _, address = text.strip().rpartition(" ")
    return Mailbox(address.removeprefix("<").removesuffix(">"), name.strip('" '))


def _recipient(ticket: Ticket, texts: Texts) -> Mailbox | None:
    """Return the user's mailbox, None if there is none or it was erased; raise BadAddress."""
    body = texts.get(ticket.contact.id) if ticket.contact is not None else None
    if body is None:
        return None
    try:
        contact = msgspec.json.decode(body, type=Contact)
    except ValueError:
        raise BadAddress("is not written as a contact is") from None
    name = _or_nothing("name", lambda: one_line(contact.name or ""))
    return Mailbox(normalised(contact.email), name or "")


def _or_nothing(part: str, read: Callable[[], Part]) -> Part | None:
    try:
        return read()
    except Exception:
        log.exception("part_left_out", part=part)
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
