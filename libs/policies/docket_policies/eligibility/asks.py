"""Every question about eligibility by its name, and every command that eligibility decides.

A caller passes the raw fields: the policy of the question (`product`, `service_level`), `pack`, and
the ask's own fields, which replace them. Answers are plain values ready to be written as JSON; what
cannot be answered raises Unanswerable, a ValueError with `code` and `detail`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from docket_policies.eligibility.admission import create
from docket_policies.eligibility.choice_of_pack import pack
from docket_policies.eligibility.classification import classification
from docket_policies.eligibility.disclosure import disclose_settings, recommend_client_area_ticket
from docket_policies.eligibility.entitlement import install_update, license_state
from docket_policies.eligibility.extension import purchase_extension
from docket_policies.eligibility.question import Question
from docket_policies.eligibility.queue import queue
from docket_policies.eligibility.revisions import publish_revision, revision
from docket_policies.eligibility.sales import (
    license_refresh_due,
    lifetime_license_free_upgrade,
    partner_participates,
    price_usd,
    renew_ispmanager5,
    turnover_discount_outside_programme,
)
from docket_policies.eligibility.service_periods import (
    missed_period,
    service_months_to_buy,
    standard_term_months,
)
from docket_policies.eligibility.support import eligibility
from docket_policies.eligibility.support_hours import support_window
from docket_policies.eligibility.systems import edition_allows

Raw = Mapping[str, Any]
Ask = Callable[[Raw], Mapping[str, Any]]


def _ask(answer: Callable[[Question], Mapping[str, Any]]) -> Ask:
    """Make a function that answers a question from its raw fields."""
    return lambda fields: answer(Question(fields))


def _command(answer: Callable[[Question], Mapping[str, Any]]) -> Ask:
    """Make a function that answers a command from its raw fields, including its `data`."""
    return lambda fields: answer(Question({**fields, **(fields.get("data") or {})}))


ASKS: Mapping[str, Ask] = {
    "eligibility": _ask(eligibility),
    "pack": _ask(pack),
    "revision": _ask(revision),
    "support_window": _ask(support_window),
    "service_months_to_buy": _ask(service_months_to_buy),
    "standard_term_months": _ask(standard_term_months),
    "missed_period": _ask(missed_period),
    "classification": _ask(classification),
    "queue": _ask(queue),
    "edition_allows": _ask(edition_allows),
    "license_state": _ask(license_state),
    "license_refresh_due": _ask(license_refresh_due),
    "partner_participates": _ask(partner_participates),
    "turnover_discount_outside_programme": _ask(turnover_discount_outside_programme),
    "lifetime_license_free_upgrade": _ask(lifetime_license_free_upgrade),
    "price_usd": _ask(price_usd),
}
"""Ask -> the function that answers its raw fields."""

COMMANDS: Mapping[str, Ask] = {
    "create": _command(create),
    "publish_revision": _command(publish_revision),
    "install_update": _command(install_update),
    "purchase_extension": _command(purchase_extension),
    "renew_ispmanager5": _command(renew_ispmanager5),
    "disclose_settings": _command(disclose_settings),
    "recommend_client_area_ticket": _command(recommend_client_area_ticket),
}
"""Command that no history decides -> allowed, clause and code over its raw fields."""
