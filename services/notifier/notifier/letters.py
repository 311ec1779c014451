"""The letters as mails: to whom each goes, under which subject and in which thread."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import structlog

from docket_lifecycle.state.ticket import Ticket
from docket_runtime.mail.address import BadAddress, normalised
from docket_runtime.mail.message import ComposedMail, Mailbox, OutgoingMail, compose, sound
from docket_runtime.mail.text import shortened, sound_line
from docket_runtime.settings import Settings
from docket_runtime.tracing import traceparent_of
from notifier.letter_text import LetterText
from notifier.letter_words import Texts, text_of
from notifier.owed_notice import OwedNotice

SUBJECT_LIMIT = 120
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

log = structlog.get_logger()


class Contact(msgspec.Struct, frozen=True):
    """Where a user can be reached."""

    email: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Letters:
    """Makes mails of the letters of one installation."""

    mail_from: str
    domain: str
    agents: str

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
        return cls(settings.mail_from, settings.mail_domain, settings.agents_address)

    def recipient(self, notice: OwedNotice, ticket: Ticket, texts: Texts) -> Mailbox | None:
        """Return to whom a notice goes, None if there is nobody or the address was erased.

        Raise BadAddress for an address to which no mail can be sent.
        """
        if notice.to_agents:
            return _our(self.agents)
        body = texts.get(ticket.contact.id) if ticket.contact is not None else None
        if body is None:
            return None
        try:
            contact = msgspec.json.decode(body, type=Contact)
        except ValueError:
            raise BadAddress("is not written as a contact is") from None
        return Mailbox(normalised(contact.email), sound_line(contact.name or ""))

    def topic(self, ticket: Ticket, texts: Texts) -> str:
        """Return what the ticket is about in one line, its product where it does not say."""
        try:
            return sound_line(text_of(ticket.subject, texts)) or ticket.product
        except Exception:
            log.exception("part_left_out", part="topic", ticket=str(ticket.id))
            return ticket.product

    def compose(
        self,
        notice: OwedNotice,
        ticket: Ticket,
        to: Mailbox,
        topic: str,
        letter: LetterText,
        at: datetime,
        thread: UUID | None = None,
    ) -> ComposedMail:
        """Return the mail of a letter; raise Unsound if it would not say what was meant.

        `thread` is the notice that began the thread.
        """
        cause = notice.cause
        mail = OutgoingMail(
            message_id=self._message_id(notice.id),
            sender=_our(self.mail_from),
            to=to,
            subject=shortened(sound_line(f"[#{ticket.number}] {topic}"), SUBJECT_LIMIT),
            date=at.astimezone(UTC),
            text=letter.text,
            page=letter.page,
            thread=None if thread is None else self._message_id(thread),
            marks={
                **AUTOMATIC,
                "Content-Language": letter.language,
                "Traceparent": traceparent_of(cause.correlation_id, cause.event_id),
            },
        )
        return compose(mail)

    def _message_id(self, notice_id: UUID) -> str:
        return f"<{notice_id}@{self.domain}>"


def _our(text: str) -> Mailbox:
    """Return the mailbox of a setting: an address, or `name <address>`."""
    name, _, address = text.strip().rpartition(" ")
    return Mailbox(address.removeprefix("<").removesuffix(">"), name.strip('" '))
