"""What the API shows of an account: plain values, ready for JSON."""

from typing import Any

from docket_lifecycle.state.account import Account


def account_view(account: Account) -> dict[str, Any]:
    """Return what is known of an account."""
    barred = account.restriction
    return {
        "account_id": account.account_id,
        "version": account.version,
        "updated_at": account.updated_at,
        "restriction": None
        if barred is None
        else {"until": barred.until, "reason": barred.reason, "clause": barred.clause},
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
    }
