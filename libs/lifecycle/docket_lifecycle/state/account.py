"""An account: what its own stream folds to.

Nothing need be recorded: an account is there as soon as somebody speaks of it, at version 0.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from docket_events.access import AccessRestored, AccessRestricted
from docket_events.account import (
    ContactRecorded,
    ContactWithdrawn,
    LanguageRecorded,
    LicenseRecorded,
)
from docket_events.erasure import ContentErased
from docket_events.recorded import Happened
from docket_events.written import ContentRef, Written
from docket_lifecycle.state.ticket import Ticket


class Account(Struct, frozen=True):
    """An account after `version` events of its stream.

    `restriction` is the last one that no event has lifted, `restricted_by` its version; time may
    have lifted it. `licenses` has the latest record of each by its name, the one recorded last at
    the end; `contacts` has the people who write for the account by theirs. `language` is how they
    are written to, None where nobody said. `reasons` are why it was restricted or restored, by the
    version of the event, as far as they were not erased.
    """

    id: UUID
    account_id: str
    version: int = 0
    updated_at: datetime | None = None
    restriction: AccessRestricted | None = None
    restricted_by: int = 0
    licenses: Mapping[str, LicenseRecorded] = field(default_factory=dict)
    contacts: Mapping[str, ContactRecorded] = field(default_factory=dict)
    language: LanguageRecorded | None = None
    reasons: Mapping[int, Written] = field(default_factory=dict)

    def restricted(self, at: datetime) -> bool:
        """Return whether access to support is restricted at an instant (C-52)."""
        barred = self.restriction
        return barred is not None and (barred.until is None or at < barred.until)


def fold_account(account: Account, history: Iterable[Happened]) -> Account:
    """Return the account after more events of its stream; raise ValueError for a ticket's event."""
    for happened in history:
        latest = max(happened.occurred_at, account.updated_at or happened.occurred_at)
        account = replace(_after(account, happened), version=account.version + 1, updated_at=latest)
    return account


def _after(account: Account, happened: Happened) -> Account:
    match happened.event:
        case AccessRestricted(reason=reason) as restriction:
            account = _with_reason(account, reason)
            return replace(account, restriction=restriction, restricted_by=account.version + 1)
        case AccessRestored(reason=reason):
            return replace(_with_reason(account, reason), restriction=None)
        case LicenseRecorded(license=name) as recorded:
            others = {each: known for each, known in account.licenses.items() if each != name}
            return replace(account, licenses={**others, name: recorded})
        case ContactRecorded(contact=person) as recorded:
            return replace(account, contacts={**account.contacts, person: recorded})
        case ContactWithdrawn(contact=person):
            left = {each: known for each, known in account.contacts.items() if each != person}
            return replace(account, contacts=left)
        case LanguageRecorded() as recorded:
            return replace(account, language=recorded)
        case ContentErased() as erased:  # reasons, or an address that nobody has any more
            return replace(account, reasons=_left(account.reasons, erased))
        case event:
            raise ValueError(f"{type(event).__name__} is not about an account")


def _with_reason(account: Account, reason: Written | None) -> Account:
    if reason is None:
        return account
    return replace(account, reasons={**account.reasons, account.version + 1: reason})


def _left(reasons: Mapping[int, Written], erased: ContentErased) -> Mapping[int, Written]:
    return {
        version: reason
        for version, reason in reasons.items()
        if version not in erased.versions
        and not (isinstance(reason, ContentRef) and reason.id in erased.content_ids)
    }


def with_restriction(ticket: Ticket, account: Account) -> Ticket:
    """Return the ticket with the restriction of its account (C-52)."""
    barred = account.restriction
    if barred is None:
        return ticket
    work = replace(ticket.work, restricted=True, restricted_until=barred.until)
    return replace(ticket, work=work)
