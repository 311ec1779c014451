"""The way of a notice to its reader: its letter is written, and a copy of it is mailed or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from docket_events.notice import Delivery
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy
from docket_runtime.mail import Mailer
from notifier.letter_text import LetterText, Writer
from notifier.letter_words import one_line
from notifier.letters import Letters, contact_of
from notifier.mail_limits import MailLimits
from notifier.owed_notice import OwedNotice


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as it is told: its text, made of these contents of the ticket."""

    notice: OwedNotice
    ticket: Ticket
    text: LetterText
    texts: Mapping[UUID, bytes | None]

    @property
    def quotes(self) -> tuple[UUID, ...]:
        """Return the contents that it may repeat."""
        return tuple(each for each, body in self.texts.items() if body is not None)


class Courier:
    """Writes letters and mails them, with a mailer of its own."""

    def __init__(
        self, mailer: Mailer, letters: Letters, writer: Writer, limits: MailLimits
    ) -> None:
        self._mailer = mailer
        self._letters = letters
        self._writer = writer
        self._limits = limits

    def write(
        self,
        notice: OwedNotice,
        ticket: Ticket,
        policy: Policy,
        texts: Mapping[UUID, bytes | None],
        at: datetime,
        account: Account | None,
    ) -> Letter:
        """Return the letter about a notice, in the language of its reader."""
        contact = None if notice.to_agents else contact_of(ticket, texts)
        name = one_line(contact.name) if contact is not None and contact.name else None
        text = self._writer.write(notice, ticket, policy, texts, at, name=name, account=account)
        return Letter(notice, ticket, text, texts)

    async def deliver(self, letter: Letter, at: datetime) -> Delivery | None:
        """Mail the copy; return what became of it, None if it is to be tried again.

        Raise Unavailable.
        """
        notice, ticket = letter.notice, letter.ticket
        mail = self._letters.compose(notice, ticket, letter.texts, at, letter.text)
        if mail is None:
            return Delivery("posted")
        address = str(mail["To"])
        if (limit := self._limits.withheld(notice, ticket, address)) is not None:
            return Delivery("withheld", limit)
        answer = await self._mailer.send(mail)
        if answer == "deferred":
            return None
        self._limits.count(notice, ticket, address)
        return Delivery(answer)

    async def close(self) -> None:
        """Disconnect from the mail server."""
        await self._mailer.close()
