"""Bringing one letter to the mail server: what is wrong with it is the outcome of this letter."""

import asyncpg
import structlog

from docket_runtime.clock import Clock
from docket_runtime.mail.address import BadAddress
from docket_runtime.mail.server import Mailer, Outcome
from docket_runtime.unavailable import Unavailable
from notifier.decide import OwedNotice
from notifier.letter_words import Texts
from notifier.letters import Letters
from notifier.loaded_ticket import LoadedTicket, read_texts
from notifier.threads import thread_of
from notifier.turns import Turns

BAD_ADDRESS = "5.1.3"
"""The status of an address to which no mail can be sent (RFC 3463, 3.2)."""

log = structlog.get_logger()


class Courier:
    """Writes letters and sends them; `turns` are those of the tickets that wait for the server."""

    def __init__(self, clock: Clock, mailer: Mailer, letters: Letters) -> None:
        self._clock = clock
        self._mailer = mailer
        self._letters = letters
        self.turns = Turns()

    async def close(self) -> None:
        """Disconnect from the mail server."""
        await self._mailer.close()

    async def deliver(
        self, connection: asyncpg.Connection, case: LoadedTicket, notice: OwedNotice
    ) -> Outcome | Unavailable | None:
        """Send the letter of a notice; return None if there is nobody to whom it could be sent.

        What is wrong with one letter is the outcome of that letter. Unavailable is returned where
        the mail server is out of reach, and raised where the database is.
        """
        try:
            texts = await self._texts(connection, case, notice)
            thread, now = thread_of(case.history, notice), self._clock.now()
            letter = self._letters.compose(notice, case.ticket, case.policy, texts, now, thread)
        except Unavailable:
            raise
        except BadAddress:
            return Outcome("refused", BAD_ADDRESS)
        except Exception as fault:
            log.exception("letter_fault", notice=str(notice.id), ticket=str(case.ticket.id))
            return Outcome("deferred", type(fault).__name__)
        if letter is None:
            return None
        try:
            outcome = await self._mailer.send(letter)
        except Unavailable as unavailable:
            if not self.turns.steps_aside(case.ticket.id, notice.cause.occurred_at):
                return unavailable
            log.warning("letter_stands_aside", notice=str(notice.id), ticket=str(case.ticket.id))
            return Outcome("deferred", str(unavailable))
        self.turns.answered(case.ticket.id)
        return outcome

    async def _texts(
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
