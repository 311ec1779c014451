"""What the API shows of an account: plain values, ready for JSON."""

from typing import Any
from uuid import UUID

from docket_events.written import reference
from docket_lifecycle.state.account import Account
from ticket_api.tickets.readable_texts import ReadableTexts
from ticket_api.tickets.views import content_view


def account_view(account: Account, texts: ReadableTexts | None = None) -> dict[str, Any]:
    """Return what is known of an account; with `texts` also what people wrote of it."""
    barred = account.restriction
    return {
        "account_id": account.account_id,
        "version": account.version,
        "updated_at": account.updated_at,
        "restriction": None
        if barred is None
        else {
            "until": barred.until,
            "reason": texts.of(barred.reason, account.restricted_by) if texts else None,
            "clause": barred.clause,
        },
        "language": None
        if account.language is None
        else {"language": account.language.language, "time_zone": account.language.time_zone},
        "licenses": [
            {
                "license": license_.license,
                "product": license_.product,
                "edition": license_.edition,
                "service_level": license_.service_level,
                "direct": not license_.resold,
                "certificate": license_.certificate,
                "license_until": license_.license_until,
                "services_until": license_.services_until,
                "updates_until": license_.updates_until,
                "special_conditions": license_.special_conditions,
                "agreement": license_.agreement,
                "plan": license_.plan,
            }
            for license_ in account.licenses.values()
        ],
        "contacts": [
            {
                "contact": each.contact,
                "relation": each.relation,
                "grounds": each.grounds,
                "address": content_view(each.address, texts),
            }
            for each in account.contacts.values()
        ],
    }


def content_ids(account: Account) -> tuple[UUID, ...]:
    """Return the ids of the texts that `account_view` shows."""
    barred = account.restriction
    references = (
        reference(barred.reason) if barred is not None else None,
        *(each.address for each in account.contacts.values()),
    )
    return tuple(each.id for each in references if each is not None)
