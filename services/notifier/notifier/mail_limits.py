"""Limits of mails: how many go out an hour to an address, for an account, because of a person.

What is more is posted to the ticket alone: a notice with legal effect stands there, so that clocks
go on (C-51). Each process counts its own; a restart begins anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from docket_events.roles import ACCOUNT_BOUND
from docket_runtime.settings import Settings
from notifier.owed_notice import OwedNotice


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit, what it counts for, and the code of a notice that it withholds."""

    limit: RateLimitItemPerHour
    key: str
    code: str


class MailLimits:
    """Counts the mails of a process."""

    def __init__(self, recipient: int, account: int, principal: int, agents: int) -> None:
        self._recipient = RateLimitItemPerHour(recipient, namespace="recipient")
        self._account = RateLimitItemPerHour(account, namespace="account")
        self._principal = RateLimitItemPerHour(principal, namespace="principal")
        self._agents = RateLimitItemPerHour(agents, namespace="agents")
        self._window = MovingWindowRateLimiter(MemoryStorage())

    @classmethod
    def of(cls, settings: Settings) -> "MailLimits":
        """Return the limits of the settings."""
        return cls(
            settings.mails_per_recipient,
            settings.mails_per_account,
            settings.mails_per_principal,
            settings.mails_to_agents,
        )

    def withheld(self, notice: OwedNotice, account_id: str, address: str) -> str | None:
        """Return the code of the limit that withholds a mail, None where it may go out."""
        for each in self._counted(notice, account_id, address):
            if not self._window.test(each.limit, each.key):
                return each.code
        return None

    def count(self, notice: OwedNotice, account_id: str, address: str) -> None:
        """Count a mail that went out."""
        for each in self._counted(notice, account_id, address):
            self._window.hit(each.limit, each.key)

    def _counted(self, notice: OwedNotice, account_id: str, address: str) -> Iterator[Counted]:
        if notice.to_agents:
            yield Counted(self._agents, "", "limit_agents")
            return
        yield Counted(self._recipient, address.casefold(), "limit_recipient")
        yield Counted(self._account, account_id, "limit_account")
        actor = notice.cause.actor
        if actor.kind in ACCOUNT_BOUND:
            yield Counted(self._principal, f"{account_id} {actor.id}", "limit_principal")
