"""Sending what tickets owe: whatever the trigger, the ticket's history says what there is to do.

One instance at a time works on a ticket, by a lock (`ticket_locks`). A notice is sent first
and recorded immediately afterwards; if the process dies in between, it is sent again with the same
Message-ID and recorded once. The moment of the first sending is recorded, also if the ticket has
changed meanwhile and the event must be decided again.

No ticket holds up another. A fault of the mail server ends the round, and the next one begins with
the tickets that have met none; every other fault is of one letter or of one ticket.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import asyncpg
import structlog

from docket_events.ids import partition_of_ticket
from docket_events.notice import ClosureBecameFinal, Delivery
from docket_lifecycle.state.account import Account
from docket_runtime import metrics, tracing
from docket_runtime.clock import Clock
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database
from docket_runtime.mail.server import Outcome
from docket_runtime.store import timers
from docket_runtime.store.isolated_reading import read_each
from docket_runtime.unavailable import Unavailable
from notifier.courier import Courier
from notifier.decide import OWNER, Alarm, armed, owed, window_over
from notifier.loaded_ticket import LoadedTicket, append, open_case, read_account
from notifier.notice_record import record_of
from notifier.owed_notice import OwedNotice
from notifier.ticket_locks import TicketLocks

GIVE_UP = timedelta(days=5)
"""After which a letter that was only deferred counts as refused (RFC 5321, 4.5.4.1)."""

log = structlog.get_logger()


@dataclass(slots=True)
class Dispatched:
    """The result by ticket: done, or failed; those in neither are locked by another instance."""

    done: set[UUID] = field(default_factory=set)
    faults: dict[UUID, Exception] = field(default_factory=dict)


class Dispatcher:
    """Works on tickets for one loop, with a connection and a courier of its own."""

    def __init__(
        self, database: Database, clock: Clock, courier: Courier, alert: timedelta
    ) -> None:
        self._database = ReconnectingConnection(database)
        self._locks = TicketLocks(database)
        self._clock = clock
        self._courier = courier
        self._alert = alert

    async def attend(self, ticket_ids: Collection[UUID]) -> Dispatched:
        """Send and record the notices that these tickets owe now, and set their alarms.

        Raises Unavailable if database or mail server are out of reach, after doing what could be
        done.
        """
        if not ticket_ids:
            return Dispatched()
        attended, trouble = Dispatched(), None
        async with (
            self._locks.held(ticket_ids) as held,
            self._database.open() as connection,
        ):
            await self._clock.synchronise(connection)
            for wave in self._courier.turns.in_order(held):
                for partition, group in groupby(wave, key=partition_of_ticket):
                    trouble = trouble or await self._attend(connection, partition, group, attended)
        if trouble is not None:
            raise trouble
        return attended

    @property
    def owed_since(self) -> datetime | None:
        """Return since when the oldest notice is owed that the mail server holds up."""
        return self._courier.turns.waiting_since

    async def close(self) -> None:
        """Disconnect from the database and the mail server."""
        self._locks.close()
        self._database.close()
        await self._courier.close()

    async def _attend(
        self,
        connection: asyncpg.Connection,
        partition: int,
        ticket_ids: Iterable[UUID],
        attended: Dispatched,
    ) -> Unavailable | None:
        order = list(ticket_ids)
        histories, unreadable = await read_each(connection, partition, order)
        attended.faults |= unreadable
        alarms: dict[UUID, tuple[int, Sequence[Alarm]]] = {}
        trouble: Unavailable | None = None
        for ticket_id in order:
            if ticket_id in unreadable:
                continue
            try:
                case = open_case(ticket_id, histories[ticket_id])
                trouble = await self._work(connection, case)
                if trouble is None:
                    self._courier.turns.rests(ticket_id)
                    alarms[ticket_id] = (case.ticket.version, self._alarms(case))
            except Unavailable:
                raise
            except Exception as fault:
                log.exception("ticket_fault", ticket=str(ticket_id))
                attended.faults[ticket_id] = fault
            if trouble is not None:
                break  # this ticket is not done: whoever asked for it asks again
        await self._set_alarms(connection, partition, alarms, attended)
        return trouble

    async def _work(self, connection: asyncpg.Connection, case: LoadedTicket) -> Unavailable | None:
        """Send what is due; return why mail cannot be sent now, if it cannot."""
        trouble: Unavailable | None = None
        tried = set[UUID]()
        # again, because of a notice that is refused another one may be owed: that it was
        while trouble is None and (notices := [n for n in self._owed(case) if n.id not in tried]):
            account = await read_account(connection, case)
            for notice in notices:
                tried.add(notice.id)
                if trouble is None and self._is_owed(case, notice):
                    cause = tracing.span_of(notice.cause.correlation_id, notice.cause.event_id)
                    with tracing.span(f"notice {notice.kind}", links=[cause]):
                        trouble = await self._tell(connection, case, notice, account)
        if window_over(case.history, case.policy, self._clock.now()):
            at = max(self._clock.now(), case.ticket.updated_at)
            if await append(connection, case, ClosureBecameFinal(), at, case.history[-1]):
                log.info("closure_final", ticket=str(case.ticket.id))
        return trouble

    async def _tell(
        self,
        connection: asyncpg.Connection,
        case: LoadedTicket,
        notice: OwedNotice,
        account: Account | None,
    ) -> Unavailable | None:
        now = self._clock.now()
        letter = await self._courier.prepare(connection, case, notice, account, now)
        self._locks.check()
        outcome = letter if isinstance(letter, Outcome) else await self._courier.deliver(letter)
        if isinstance(outcome, Unavailable):
            return outcome
        sent_at = max(self._clock.now(), notice.cause.occurred_at)
        if isinstance(outcome, Outcome) and sent_at >= notice.cause.occurred_at + GIVE_UP:
            outcome = Delivery("refused", outcome.code)
        say = log.warning if notice.to_agents else log.info
        named = {"notice": str(notice.id), "ticket": str(case.ticket.id)}
        named["trace_id"] = notice.cause.correlation_id.hex
        say("notice", kind=notice.kind, **named, delivery=outcome.state, code=outcome.code)
        if isinstance(outcome, Outcome) or isinstance(letter, Outcome):
            return None  # its alarm starts another attempt
        # a refused address changes nothing: the notice stands in the ticket, mail is a copy (C-51)
        while self._is_owed(case, notice):
            event, content = record_of(letter, case.policy, sent_at, outcome)
            if await append(connection, case, event, sent_at, notice.cause, (content,)):
                metrics.NOTICES.labels(notice.kind).inc()
                return None
            # what made it another version may have erased what the letter quotes
            again = await self._courier.prepare(connection, case, notice, account, now)
            if isinstance(again, Outcome):
                return None
            letter = again
        log.warning("notice_overtaken", **named)
        return None

    def _is_owed(self, case: LoadedTicket, notice: OwedNotice) -> bool:
        return notice.id in {each.id for each in self._owed(case)}

    def _owed(self, case: LoadedTicket) -> tuple[OwedNotice, ...]:
        return owed(case.ticket, case.history, self._clock.now(), self._alert)

    def _alarms(self, case: LoadedTicket) -> Sequence[Alarm]:
        now = self._clock.now()
        return armed(case.history, case.policy, self._owed(case), now, self._alert)

    async def _set_alarms(
        self,
        connection: asyncpg.Connection,
        partition: int,
        alarms: Mapping[UUID, tuple[int, Sequence[Alarm]]],
        attended: Dispatched,
    ) -> None:
        try:
            await timers.replace_many(connection, partition, OWNER, alarms)
        except Unavailable:
            raise
        except Exception as fault:
            if len(alarms) > 1:  # set each by itself, so that one does not cost the others theirs
                for ticket_id, alarm in alarms.items():
                    await self._set_alarms(connection, partition, {ticket_id: alarm}, attended)
                return
            log.exception("alarm_fault", tickets=[str(each) for each in alarms])
            attended.faults |= dict.fromkeys(alarms, fault)
        else:
            attended.done |= alarms.keys()
