"""What may be recorded of an account: a restriction, its end, a license (C-52, C-26, R-2.3)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from docket_events.access import AccessRestored, AccessRestricted
from docket_events.account import AccountEvent, ContactWithdrawn, LanguageRecorded
from docket_events.codec import kebab
from docket_events.erasure import ContentErased
from docket_events.recorded import Actor
from docket_events.written import ContentRef
from docket_lifecycle.commands.account import (
    AccountCommand,
    EraseReasons,
    RecordContact,
    RecordLanguage,
    RecordLicense,
    Restore,
    Restrict,
    WithdrawContact,
)
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.rules.opening.license import refuse_recorded_plan
from docket_lifecycle.state.account import Account
from docket_policies.eligibility.admission import gates_of
from docket_policies.terms.editions import all_editions
from docket_policies.terms.policy import Capability

GRANTED: Mapping[type[AccountCommand], Capability] = {
    Restrict: Capability(("agent",), "C-52"),
    Restore: Capability(("agent",), "C-52"),
    RecordLicense: Capability(("agent", "service"), "C-26"),
    RecordContact: Capability(("agent", "service"), "R-4.2-c"),
    WithdrawContact: Capability(("agent", "service"), "R-4.2-c"),
    RecordLanguage: Capability(("customer", "agent", "service"), "C-51"),
    EraseReasons: Capability(("privacy_officer",), "C-40"),
}
"""Who may record what of an account, whichever terms its tickets are under."""

AGREED_APART = "R-2.3"
GROUNDS = "I-1.4"


def decide_account(
    account: Account, command: AccountCommand, *, at: datetime, actor: Actor
) -> tuple[AccountEvent | ContentErased, ...]:
    """Return what the command causes in the account's stream; () if nothing changes.

    A reason is another one each time it is written, because the rules see no text.

    Raises NotEntitled or Refused. Source: C-52 (R-7.4, I-7.11), C-26, R-2.3, R-4.2-c, H-plan.
    """
    capability = GRANTED[type(command)]
    if actor.kind not in capability.actors:
        allowed, verb = " or ".join(capability.actors), kebab(type(command).__name__)
        raise NotEntitled(capability.clause, f"{verb} belongs to {allowed}, not to {actor.kind}")
    match command:
        case Restrict(until=until, reason=reason, clause=clause):
            if until is not None and until <= at:
                raise Refused("not_in_the_future", capability.clause, "the restriction is over")
            if clause is not None and clause not in (clauses := restriction_clauses()):
                raise Refused(
                    "unknown_clause", capability.clause, f"name one of {', '.join(clauses)}"
                )
            restricted = AccessRestricted(account.account_id, until, reason, clause)
            before = account.restriction
            so_already = before is not None and restricted == replace(before, reason=None)
            return () if so_already else (restricted,)
        case Restore(reason=reason):
            if not account.restricted(at):
                return ()
            return (AccessRestored(account.account_id, reason),)
        case RecordLicense(license=recorded):
            if recorded.special_conditions and recorded.agreement is None:
                raise Refused("agreement_required", AGREED_APART, "name the agreement in writing")
            refuse_recorded_plan(recorded, at)
            return () if account.licenses.get(recorded.license) == recorded else (recorded,)
        case RecordContact(contact=told):
            known = known_grounds()
            if not set(told.grounds) <= set(known):
                raise Refused("unknown_ground", GROUNDS, f"name one of {', '.join(known)}")
            return (told, *_forgotten(account, told.contact))
        case WithdrawContact(contact=person):
            if person not in account.contacts:
                return ()
            withdrawn = ContactWithdrawn(account.account_id, person)
            return (withdrawn, *_forgotten(account, person))
        case RecordLanguage(language=language, time_zone=zone):
            spoken = LanguageRecorded(account.account_id, language, zone)
            return () if spoken == account.language else (spoken,)
        case EraseReasons(why=why, clause=clause):
            return (_without_reasons(account, why, clause or capability.clause),)
        case _:
            assert_never(command)


def _without_reasons(account: Account, why: str, clause: str) -> ContentErased:
    """Return the erasure of what was said of the account in a few words (C-40).

    It is recorded also where nothing is left: why texts of the account were shown goes with it, and
    the rules do not see that.
    """
    beside = [each.id for each in account.reasons.values() if isinstance(each, ContentRef)]
    inside = [at for at, each in account.reasons.items() if not isinstance(each, ContentRef)]
    return ContentErased(tuple(beside), why, clause, tuple(inside))


def _forgotten(account: Account, person: str) -> tuple[ContentErased, ...]:
    """Return the erasure of an address that is no longer one of the account's (C-40)."""
    known = account.contacts.get(person)
    if known is None or known.address is None:
        return ()
    return (ContentErased((known.address.id,), "no_longer_an_address", "C-40"),)


def known_grounds() -> tuple[str, ...]:
    """Return the grounds on which terms let somebody else than the user ask (I-1.4)."""
    return tuple(
        ground
        for edition in all_editions()
        for gate in gates_of(edition)
        for ground in gate.grounds
    )


def restriction_clauses() -> tuple[str, ...]:
    """Return the clauses by which terms restrict access to support."""
    return tuple(
        gate.clause
        for edition in all_editions()
        for gate in gates_of(edition)
        if gate.rule == "restriction"
    )
