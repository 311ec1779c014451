"""The text of a letter: written by its template, framed, and the same as a page.

It is the text of the notice as it stands in the ticket (C-51); the mail is a copy of it.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from jinja2 import TemplateError
from markupsafe import escape

from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy
from docket_runtime.settings import Settings
from notifier.letter_language import Reader
from notifier.letter_templates import DESK, USER, Templates, linked, our_templates, templates_of
from notifier.letter_words import Texts, words_of
from notifier.owed_notice import OwedNotice

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says: `headline` is the first line of `text`, `page` the same in HTML."""

    headline: str
    text: str
    page: str
    language: str
    clause: str | None


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the texts of letters of one installation.

    `usual` is how agents are written to, and accounts of which no language was recorded.
    `client_area` and `console` are where users and agents find tickets.
    """

    templates: Templates
    usual: Reader = field(default_factory=Reader)
    client_area: str | None = None
    console: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Writer":
        """Return the writer with the templates and addresses of the settings; raise BadLetters."""
        return cls(
            templates_of(settings.letters),
            Reader(settings.language, ZoneInfo(settings.time_zone)),
            settings.client_area_url,
            settings.console_url,
        )

    def reader_of(self, notice: OwedNotice, account: Account | None) -> Reader:
        """Return how the reader of a notice is written to; a language we lack is the usual one."""
        recorded = account.language if account is not None and not notice.to_agents else None
        if recorded is None:
            return self.usual
        known = recorded.language in self.templates.languages
        zone = _zone(recorded.time_zone) or self.usual.zone
        return Reader(recorded.language if known else self.usual.language, zone)

    def write(
        self,
        notice: OwedNotice,
        ticket: Ticket,
        policy: Policy,
        texts: Texts,
        at: datetime,
        *,
        name: str | None = None,
        account: Account | None = None,
    ) -> LetterText:
        """Return the text of a notice, for a reader of this name.

        Where a template of the installation fails on the values, ours is used in its place.
        """
        reader = self.reader_of(notice, account)
        link = self._link(notice, ticket)
        values = words_of(notice, ticket, policy, texts, at) | {"name": name, "link": link}
        try:
            headline, text = _filled(self.templates, notice, reader, values)
        except (TemplateError, TypeError, ValueError, ArithmeticError):
            log.exception("template_fault", kind=notice.kind, language=reader.language)
            headline, text = _filled(our_templates(), notice, reader, values)
        paragraphs = [linked(each, link) for each in text.split("\n\n")]
        page = self.templates.page(f"[#{ticket.number}] {headline}", reader.language, paragraphs)
        return LetterText(headline, f"{text}\n", page, reader.language, values["clause"])

    def plainest(
        self, notice: OwedNotice, ticket: Ticket, account: Account | None = None
    ) -> LetterText:
        """Return a text that rests on nothing that could fail: what it is about, and the link."""
        language = self.reader_of(notice, account).language
        headline = self.templates.languages[language].word(notice.kind)
        link = self._link(notice, ticket)
        lines = [headline, f"[#{ticket.number}] {link or ''}".strip()]
        page = f"<!doctype html><p>{escape(headline)}<p>{linked(lines[1], link)}"
        return LetterText(headline, "\n\n".join(lines) + "\n", page, language, None)

    def _link(self, notice: OwedNotice, ticket: Ticket) -> str | None:
        if notice.to_agents:
            return f"{self.console.rstrip('/')}/tickets/{ticket.id}" if self.console else None
        return f"{self.client_area.rstrip('/')}/tickets/{ticket.id}" if self.client_area else None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):  # recorded where other zones are known
        return None


def _filled(
    templates: Templates, notice: OwedNotice, reader: Reader, values: dict[str, object]
) -> tuple[str, str]:
    """Return the headline and the whole text; paragraphs have one empty line between them."""
    written = templates.text(f"{notice.kind}.txt", reader, values)
    headline, _, body = written.strip().partition("\n")
    frame = DESK if notice.to_agents else USER
    parts = {"headline": headline.strip(), "body": body.strip()}
    framed = templates.text(frame, reader, values | parts)
    paragraphs = [each.strip() for each in re.split(r"\n[ \t]*(?:\n[ \t]*)+", framed.strip())]
    return headline.strip(), "\n\n".join(each for each in paragraphs if each)
