"""The background work on files: completing uploads, forgetting unsent files, removing erased bytes.

Several instances may do it at once and more than once: a step done twice changes nothing. What a
killed process has left undone the next round does.
"""

from datetime import timedelta
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_lifecycle.commands import CompleteUpload
from docket_lifecycle.state.ticket import Answer, Ticket
from docket_runtime.database import reachable
from docket_runtime.files import Files
from docket_runtime.new_ids import new_id
from docket_runtime.schema.tables import attachments as table
from docket_runtime.schema.tables import contents
from docket_runtime.unavailable import Unavailable
from ticket_api.attachments import records, upload
from ticket_api.auth.tokens import Principal
from ticket_api.commands.deciders import OnTicket
from ticket_api.commands.request import CommandRequest
from ticket_api.commands.transact import CommandHandler
from ticket_api.http.problems import Problem
from ticket_api.tickets.files import COLUMNS, PRESENT, Attachment, changed, of_row, of_ticket
from ticket_api.tickets.reader import TicketReader

BATCH = 50
LEFT_S = 60
"""A file that is complete in bytes and untouched for so long was not checked: its process died."""

_SENT = exists().where(
    contents.c.partition == table.c.partition, contents.c.content_id == table.c.attachment_id
)
_OPEN = (table.c.erased_at.is_(None), table.c.settled.is_(False))

log = structlog.get_logger()


class Upkeep:
    """Looks after the files of all tickets, a few at a time."""

    def __init__(
        self,
        engine: AsyncEngine,
        files: Files,
        reader: TicketReader,
        handler: CommandHandler,
        *,
        idle_hours: int,
    ) -> None:
        self._engine = engine
        self._files = files
        self._reader = reader
        self._handler = handler
        self._idle = timedelta(hours=idle_hours)

    async def step(self) -> bool:
        """Do one round; raise Unavailable."""
        removed = await self._remove_erased()
        forgotten = await self._forget_idle()
        checked = await self._check_left()
        completed = await self._complete_requests()
        return bool(removed or forgotten or checked or completed)

    async def complete_request(self, known: Attachment) -> None:
        """Say that the upload of an answer is complete if this was its last file (R-1.14, C-05).

        It happens without a request, in the name of who sent the file. Raise Unavailable.
        """
        asker = Principal(known.by_kind, known.by_id, None, 0, "any")
        ticket = await self._reader.ticket(known.ticket_id, asker)
        if known.attachment_id not in ticket.contents():
            return
        answered = _uploading(ticket, known.attachment_id)
        if answered is not None:
            request, files = answered
            rows = await of_ticket(self._engine, ticket.id, files)
            if any(row.state in ("announced", "uploading") for row in rows):
                return
            decider = OnTicket(ticket.id, CompleteUpload(request))
            try:
                await self._handler.transact(decider, CommandRequest(asker, new_id(), None, b""))
            except Problem as refused:  # the ticket has ended meanwhile; the file stays with it
                log.info("upload_untold", ticket=str(ticket.id), code=refused.code)
        await records.settle(self._engine, known)

    async def _complete_requests(self) -> int:
        waiting = await self._some(*_OPEN, table.c.completed_at.is_not(None), _SENT)
        for known in waiting:
            try:
                await self.complete_request(known)
            except Unavailable:
                raise
            except Exception:  # a ticket that cannot be read holds up no other
                log.exception("upload_untold", ticket=str(known.ticket_id))
        return len(waiting)

    async def _check_left(self) -> int:
        """Check files whose bytes are all there and whose process died before it checked them."""
        left = await self._some(
            *_OPEN,
            table.c.completed_at.is_(None),
            table.c.received == table.c.size,
            table.c.touched_at < PRESENT - timedelta(seconds=LEFT_S),
        )
        for known in left:
            try:
                await upload.check(self._engine, self._files, known)
            except Problem as wrong:
                log.info("upload_wrong", attachment=str(known.attachment_id), code=wrong.code)
        return len(left)

    async def _forget_idle(self) -> int:
        """Give up files that no message has sent."""
        idle = select(table.c.attachment_id).where(
            *_OPEN, table.c.touched_at < PRESENT - self._idle, ~_SENT
        )
        statement = update(table).where(
            table.c.attachment_id.in_(idle.limit(BATCH)),
            *_OPEN,
            table.c.touched_at < PRESENT - self._idle,
        )
        forgotten = statement.values(erased_at=PRESENT, name=None, sha256=None)
        return len(await changed(self._engine, forgotten))

    async def _remove_erased(self) -> int:
        """Delete the bytes of erased files, and the rows of those that were never sent."""
        erased = await self._some(table.c.erased_at.is_not(None), table.c.removed_at.is_(None))
        for known in erased:
            await self._files.clear(known.place)
            this = (
                table.c.partition == known.partition,
                table.c.attachment_id == known.attachment_id,
            )
            with reachable():
                async with self._engine.begin() as connection:
                    await connection.execute(delete(table).where(*this, ~_SENT))
                    await connection.execute(
                        update(table).where(*this).values(removed_at=PRESENT, parts=[])
                    )
        return len(erased)

    async def _some(self, *conditions: ColumnElement[bool]) -> list[Attachment]:
        # in any order, so that the instances share the work and what fails holds up nothing
        query = select(*COLUMNS).where(*conditions).order_by(func.random()).limit(BATCH)
        with reachable():
            async with self._engine.begin() as connection:
                return [of_row(row) for row in await connection.execute(query)]


def upkeep_of(http: HttpRequest) -> Upkeep:
    """Return the upkeep of the application that got the request."""
    return cast(Upkeep, http.app.state.upkeep)


def _uploading(ticket: Ticket, attachment_id: UUID) -> tuple[str, tuple[UUID, ...]] | None:
    """Return the request whose announced answer waits for this file, and all its files."""
    for request in ticket.requests.values():
        if request.answer is Answer.UPLOADING and attachment_id in request.attachments:
            return request.id, request.attachments
    return None
