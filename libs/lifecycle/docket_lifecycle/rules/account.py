"""What may be recorded of an account: a restriction, its end, a license (C-52, C-26, R-2.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from docket_events.access import AccessRestored, AccessRestricted
from docket_events.account import AccountEvent
from docket_events.codec import kebab
from docket_events.recorded import Actor
from docket_lifecycle.commands.account import AccountCommand, RecordLicense, Restore, Restrict
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.state.account import Account
from docket_policies.eligibility.admission import gates_of
from docket_policies.terms.editions import all_editions
from docket_policies.terms.policy import Capability

GRANTED: Mapping[type[AccountCommand], Capability] = {
    Restrict: Capability(("agent",), "C-52"),
    Restore: Capability(("agent",), "C-52"),
    RecordLicense: Capability(("agent", "service"), "C-26"),
}
"""Who may record what of an account, whichever terms its tickets are under."""

AGREED_APART = "R-2.3"


def decide_account(
    account: Account, command: AccountCommand, *, at: datetime, actor: Actor
) -> tuple[AccountEvent, ...]:
    """Return what the command causes in the account's stream; () if nothing changes.

    Raises NotEntitled or Refused. Source: C-52 (R-7.4, I-7.11), C-26, R-2.3.
    """
    capability = GRANTED[type(command)]
    if actor.kind not in capability.actors:
        allowed, verb = " or ".join(capability.actors), kebab(type(command).__name__)
        raise NotEntitled(capability.clause, f"{verb} belongs to {allowed}, not to {actor.kind}")
    match command:
        case Restrict(until=until, reason=reason, clause=clause):
            if until is not None and until <= at:
                raise Refused("not_in_the_future", capability.clause, "the restriction is over")
            if clause is not None and clause not in (known := restriction_clauses()):
                raise Refused(
                    "unknown_clause", capability.clause, f"name one of {', '.join(known)}"
                )
            restricted = AccessRestricted(account.account_id, until, reason, clause)
            return () if restricted == account.restriction else (restricted,)
        case Restore(reason=reason):
            if not account.restricted(at):
                return ()
            return (AccessRestored(account.account_id, reason),)
        case RecordLicense(license=recorded):
            if recorded.special_conditions and recorded.agreement is None:
                raise Refused("agreement_required", AGREED_APART, "name the agreement in writing")
            return () if account.licenses.get(recorded.license) == recorded else (recorded,)
        case _:
            assert_never(command)


def restriction_clauses() -> tuple[str, ...]:
    """Return the clauses by which terms restrict access to support."""
    return tuple(
        gate.clause
        for edition in all_editions()
        for gate in gates_of(edition)
        if gate.rule == "restriction"
    )
