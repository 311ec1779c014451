"""Revoked tokens: known to every instance within seconds, until they would have expired anyway."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from ticket_api.auth.tokens import Principal

POLL_S = 2.0

_ADD = text("""
    insert into docket.revocations (revocation_id, token_id, subject, issued_before, counts_until,
        revoked_at, revoked_by)
    values (:id, :token_id, :subject, clock_timestamp(),
        clock_timestamp() + make_interval(secs => :life_s), clock_timestamp(), :revoked_by)
    returning issued_before, counts_until
""")
_COUNTING = text("""
    select token_id, subject, issued_before from docket.revocations
    where counts_until is null or counts_until > clock_timestamp()
""")


@dataclass(frozen=True, slots=True)
class Revocation:
    """What was revoked: one token, or all of a subject that were issued before an instant.

    It counts until `counts_until`, None where tokens may live for ever.
    """

    id: UUID
    token_id: str | None
    subject: str | None
    issued_before: datetime
    counts_until: datetime | None


@dataclass(slots=True)
class Revocations:
    """The revocations that count, as of the last look at the database.

    `life_s` is how long a token may live, None for any time. The real time counts, as for tokens.
    """

    engine: AsyncEngine
    life_s: int | None
    _tokens: frozenset[str] = frozenset()
    _subjects: dict[str, float] = field(default_factory=dict)

    def covers(self, principal: Principal) -> bool:
        """Return whether the token of a principal is revoked.

        One that does not say when it was issued falls with all of its subject.
        """
        if principal.token.id in self._tokens:
            return True
        before = self._subjects.get(principal.subject)
        return before is not None and principal.token.issued_at <= before

    async def step(self) -> bool:
        """Look at the database again; raise Unavailable."""
        with reachable():
            async with self.engine.connect() as connection:
                rows = (await connection.execute(_COUNTING)).all()
        self._tokens = frozenset(row.token_id for row in rows if row.token_id is not None)
        subjects: dict[str, float] = {}
        for row in rows:
            if row.subject is not None:
                before = row.issued_before.timestamp()
                subjects[row.subject] = max(before, subjects.get(row.subject, before))
        self._subjects = subjects
        return False

    async def add(self, token_id: str | None, subject: str | None, by: Principal) -> Revocation:
        """Revoke a token, or all of a subject that exist now; raise Unavailable.

        It counts here at once, in other instances after their next look.
        """
        known = new_id()
        said = {"id": known, "token_id": token_id, "subject": subject}
        whose = {"life_s": self.life_s, "revoked_by": by.subject}
        with reachable():
            async with self.engine.begin() as connection:
                row = (await connection.execute(_ADD, {**said, **whose})).one()
        await self.step()
        return Revocation(known, token_id, subject, row.issued_before, row.counts_until)
