"""Sending what tickets owe: whatever the trigger, the ticket's history says what there is to do.

One instance at a time works on a ticket, by an advisory lock of its session. A notice is sent first
and recorded immediately afterwards; if the process dies in between, it is sent again with the same
Message-ID and recorded once. The moment of the first sending is recorded, also if the ticket has
changed meanwhile and the event must be decided again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import asyncpg
import structlog

from docket_events.ids import partition_of_ticket
from docket_events.notice import ClosureBecameFinal
from docket_lifecycle.state.account import Account
from docket_runtime import metrics
from docket_runtime.clock import Clock
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.store import timers
from docket_runtime.store.isolated_reading import read_each
from docket_runtime.store.lease import HELD_BY_ANOTHER_ROLE
from docket_runtime.unavailable import Unavailable
from notifier.courier import Courier, Letter
from notifier.decide import OWNER, armed, owed, window_over
from notifier.loaded_ticket import LoadedTicket, append, open_case, read_account, read_texts
from notifier.notice_record import record_of
from notifier.owed_notice import OwedNotice

_HOLD = (
    "select key from unnest($1::bigint[]) as key where pg_try_advisory_lock(key) or "  # noqa: S608 - made of constants
    + HELD_BY_ANOTHER_ROLE.format(
        this_lock="held.objsubid = 1 and held.classid::bigint << 32 | held.objid::bigint = key"
    )
)
_RELEASE = "select pg_advisory_unlock(key) from unnest($1::bigint[]) as key"

log = structlog.get_logger()


@dataclass(slots=True)
class Dispatched:
    """The result by ticket: done, or failed; those in neither are locked by another instance."""

    done: set[UUID] = field(default_factory=set)
    faults: dict[UUID, Exception] = field(default_factory=dict)


class Dispatcher:
    """Works on tickets for one loop, with a connection and a courier of its own."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        courier: Courier,
        alert: timedelta,
    ) -> None:
        self._database = ReconnectingConnection(database)
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
        async with self._database.open() as connection:
            await self._clock.synchronise(connection)
            held = await _hold(connection, ticket_ids)
            for partition, group in groupby(sorted(held, key=_place), key=partition_of_ticket):
                trouble = trouble or await self._attend(connection, partition, group, attended)
            await _release(connection, held)
        if trouble is not None:
            raise trouble
        return attended

    async def close(self) -> None:
        """Disconnect from the database and the mail server."""
        self._database.close()
        await self._courier.close()

    async def _attend(
        self,
        connection: asyncpg.Connection,
        partition: int,
        ticket_ids: Iterable[UUID],
        attended: Dispatched,
    ) -> Unavailable | None:
        histories, unreadable = await read_each(connection, partition, list(ticket_ids))
        attended.faults |= unreadable
        cases: list[LoadedTicket] = []
        trouble: Unavailable | None = None
        for ticket_id, history in histories.items():
            try:
                case = open_case(ticket_id, history)
                trouble = await self._work(connection, case)
            except Unavailable:
                raise
            except Exception as fault:
                log.exception("ticket_fault", ticket=str(ticket_id))
                attended.faults[ticket_id] = fault
                continue
            cases.append(case)
            if trouble is not None:
                break
        await self._set_alarms(connection, partition, cases)
        if trouble is None:
            attended.done |= {case.ticket.id for case in cases}
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
        letter = await self._written(connection, case, notice, account, now)
        try:
            delivery = await self._courier.deliver(letter, now)
        except Unavailable as unavailable:
            return unavailable
        sent_at = max(self._clock.now(), notice.cause.occurred_at)
        say = log.warning if notice.to_agents else log.info
        say(
            "notice",
            kind=notice.kind,
            notice=str(notice.id),
            ticket=str(case.ticket.id),
            delivery=delivery.state if delivery else "deferred",
        )
        if delivery is None:
            return None  # its alarm starts another attempt
        # a refused address changes nothing: the notice stands in the ticket, mail is a copy (C-51)
        while self._is_owed(case, notice):
            event, content = record_of(letter, case.policy, sent_at, delivery)
            if await append(connection, case, event, sent_at, notice.cause, (content,)):
                metrics.NOTICES.labels(notice.kind).inc()
                return None
            # what made it another version may have erased what the letter quotes
            letter = await self._written(connection, case, notice, account, now)
        log.warning("notice_overtaken", notice=str(notice.id), ticket=str(case.ticket.id))
        return None

    async def _written(
        self,
        connection: asyncpg.Connection,
        case: LoadedTicket,
        notice: OwedNotice,
        account: Account | None,
        at: datetime,
    ) -> Letter:
        texts = await read_texts(connection, case, [notice])
        return self._courier.write(notice, case.ticket, case.policy, texts, at, account)

    def _is_owed(self, case: LoadedTicket, notice: OwedNotice) -> bool:
        return notice.id in {each.id for each in self._owed(case)}

    def _owed(self, case: LoadedTicket) -> tuple[OwedNotice, ...]:
        return owed(case.ticket, case.history, self._clock.now(), self._alert)

    async def _set_alarms(
        self, connection: asyncpg.Connection, partition: int, cases: Sequence[LoadedTicket]
    ) -> None:
        now = self._clock.now()
        alarms = {
            case.ticket.id: (
                case.ticket.version,
                armed(case.history, case.policy, self._owed(case), now, self._alert),
            )
            for case in cases
        }
        await timers.replace_many(connection, partition, OWNER, alarms)


async def _hold(connection: asyncpg.Connection, ticket_ids: Iterable[UUID]) -> list[UUID]:
    keys = {_key(ticket_id): ticket_id for ticket_id in ticket_ids}
    with reachable():
        return [keys[row[0]] for row in await connection.fetch(_HOLD, list(keys))]


async def _release(connection: asyncpg.Connection, held: Iterable[UUID]) -> None:
    with reachable():
        await connection.execute(_RELEASE, [_key(ticket_id) for ticket_id in held])


def _key(ticket_id: UUID) -> int:
    """Return the random half of the id, as the signed number that an advisory lock takes."""
    return int.from_bytes(ticket_id.bytes[8:], signed=True)


def _place(ticket_id: UUID) -> tuple[int, UUID]:
    return partition_of_ticket(ticket_id), ticket_id
