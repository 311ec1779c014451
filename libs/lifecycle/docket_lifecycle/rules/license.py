"""Under which terms a new ticket is opened: its license's pack, the edition in force (C-26)."""

from datetime import datetime

from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_policies.eligibility.choice_of_pack import License, choice, named
from docket_policies.eligibility.editions import editions_of
from docket_policies.terms.loader import policy, revision_in_force
from docket_policies.terms.policy import Policy


def terms_of(command: Create, at: datetime) -> Policy:
    """Return the terms of a ticket that is opened at `at`, without special conditions.

    Raises Refused where no terms apply to the license (R-0.2, I-1.5), and where its terms promise
    no response time and so have no tickets (H-policy-3, M-price-support, C-35).
    """
    product, edition = named(command.product, command.edition)
    chosen = choice(
        License(product, edition, command.service_level, command.direct, command.certificate)
    )
    if chosen.pack is None:
        what = " ".join(filter(None, (product, edition)))
        raise Refused("no_pack", chosen.clauses[0], f"no terms apply to this license of {what}")
    untimed = editions_of(chosen.pack)[-1]
    if untimed.no_target is not None:
        raise Refused(
            "no_target", untimed.no_target, f"the terms of {product} promise no time to answer"
        )
    level = command.service_level or chosen.level
    return policy(chosen.pack, revision_in_force(chosen.pack, at), command.product, level)
