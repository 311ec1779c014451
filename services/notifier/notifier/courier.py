"""The way of a notice to its reader: its letter is written, and a copy of it is mailed or not.

A part that cannot be had costs that part: a letter goes out plainer rather than not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog
from opentelemetry.trace import SpanKind

from docket_events.notice import Delivery
from docket_lifecycle.state.account import Account
from docket_runtime import metrics, tracing
from docket_runtime.mail.address import BadAddress
from docket_runtime.mail.message import ComposedMail
from docket_runtime.mail.server import Mailer, Outcome
from docket_runtime.unavailable import Unavailable
from notifier.letter_text import LetterText, Writer
from notifier.letter_words import Texts
from notifier.letters import Letters
from notifier.loaded_ticket import LoadedTicket, read_texts
from notifier.mail_limits import MailLimits
from notifier.owed_notice import OwedNotice
from notifier.threads import thread_of
from notifier.turns import Turns

BAD_ADDRESS = "5.1.3"
"""The status of an address to which no mail can be sent (RFC 3463, 3.2)."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as it is told: its text, made of these contents of the ticket, and its mail.

    Without a mail there is nobody to whom it could be sent, or `fault` says why it cannot be.
    """

    notice: OwedNotice
    account_id: str
    text: LetterText
    texts: Mapping[UUID, bytes | None]
    mail: ComposedMail | None
    fault: str | None = None

    @property
    def quotes(self) -> tuple[UUID, ...]:
        """Return the contents that it may repeat."""
        return tuple(each for each, body in self.texts.items() if body is not None)


class Courier:
    """Writes letters and mails them; `turns` are those of the tickets that wait for the server."""

    def __init__(
        self, mailer: Mailer, letters: Letters, writer: Writer, limits: MailLimits
    ) -> None:
        self._mailer = mailer
        self._letters = letters
        self._writer = writer
        self._limits = limits
        self.turns = Turns()

    def write(
        self,
        notice: OwedNotice,
        case: LoadedTicket,
        texts: Texts,
        at: datetime,
        account: Account | None,
    ) -> Letter:
        """Return the letter about a notice, in the language of its reader."""
        try:
            to, fault = self._letters.recipient(notice, case.ticket, texts), None
        except BadAddress:
            to, fault = None, BAD_ADDRESS
        topic = self._letters.topic(case.ticket, texts)
        name, thread = to.name if to is not None else "", thread_of(case.history, notice)
        for text, used in self._texts(notice, case, texts, at, name, account):
            try:
                mail = None
                if to is not None:
                    mail = self._letters.compose(notice, case.ticket, to, topic, text, at, thread)
                return Letter(notice, case.ticket.account_id, text, used, mail, fault)
            except Exception:
                log.exception("letter_made_plainer", notice=str(notice.id))
        return Letter(notice, case.ticket.account_id, text, used, None, "unwritable")

    def _texts(
        self,
        notice: OwedNotice,
        case: LoadedTicket,
        texts: Texts,
        at: datetime,
        name: str,
        account: Account | None,
    ) -> Iterator[tuple[LetterText, Texts]]:
        """Yield what the letter could say, with the contents it repeats: less and less."""
        ticket, policy = case.ticket, case.policy
        own = {ref.id for ref in (ticket.subject, ticket.contact) if ref is not None}
        known = {each: body for each, body in texts.items() if each in own}
        for used, called in ((texts, name), (known, name), ({}, "")):
            try:
                text = self._writer.write(
                    notice, ticket, policy, used, at, name=called or None, account=account
                )
            except Exception:
                log.exception("letter_made_plainer", notice=str(notice.id))
            else:
                yield text, used
        yield self._writer.plainest(notice, ticket, account), {}

    async def prepare(
        self,
        connection: asyncpg.Connection,
        case: LoadedTicket,
        notice: OwedNotice,
        account: Account | None,
        at: datetime,
    ) -> Letter | Outcome:
        """Return the letter of a notice; what is wrong with one letter is the outcome of it.

        Raise Unavailable.
        """
        try:
            texts = await self._read(connection, case, notice)
            return self.write(notice, case, texts, at, account)
        except Unavailable:
            raise
        except Exception as fault:
            log.exception("letter_fault", notice=str(notice.id), ticket=str(case.ticket.id))
            return Outcome("deferred", type(fault).__name__)

    async def deliver(self, letter: Letter) -> Delivery | Outcome | Unavailable:
        """Mail the copy; return what became of it, an Outcome where it is to be tried again.

        Unavailable is returned where the mail server is out of reach.
        """
        notice, mail = letter.notice, letter.mail
        if letter.fault is not None:
            return Delivery("refused", letter.fault)
        if mail is None:
            return Delivery("posted")
        to, ticket_id = mail.recipient, notice.cause.ticket_id
        if (limit := self._limits.withheld(notice, letter.account_id, to)) is not None:
            metrics.MAILS.labels("withheld").inc()
            return Delivery("withheld", limit)
        try:
            with metrics.MAIL_SECONDS.time(), tracing.span("send mail", SpanKind.CLIENT) as sent:
                outcome = await self._mailer.send(mail)
                sent.set_attribute("docket.mail.outcome", outcome.state)
        except Unavailable as unavailable:
            metrics.MAILS.labels("unavailable").inc()
            if not self.turns.steps_aside(ticket_id, notice.cause.occurred_at):
                return unavailable
            log.warning("letter_stands_aside", notice=str(notice.id), ticket=str(ticket_id))
            return Outcome("deferred", str(unavailable))
        self.turns.answered(ticket_id)
        metrics.MAILS.labels(outcome.state).inc()
        if outcome.state == "deferred":
            return outcome
        self._limits.count(notice, letter.account_id, to)
        return Delivery(outcome.state, outcome.code)

    async def _read(
        self, connection: asyncpg.Connection, case: LoadedTicket, notice: OwedNotice
    ) -> Texts:
        """Return what the letter quotes; agents are alerted also where it cannot be read."""
        try:
            return await read_texts(connection, case, [notice])
        except Unavailable:
            raise
        except Exception:
            if not notice.to_agents:
                raise
            log.exception("texts_unreadable", ticket=str(case.ticket.id))
            return {}

    async def close(self) -> None:
        """Disconnect from the mail server."""
        await self._mailer.close()
