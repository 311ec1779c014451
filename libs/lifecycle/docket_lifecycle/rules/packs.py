"""Whether the packs name what there is: verbs, fields of commands, refusals, tags, levels."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import get_args

from docket_lifecycle.commands import Close, Command, Reject, verb_of
from docket_lifecycle.rules.context import SharedRefusal
from docket_lifecycle.rules.opening.creation import TAGS
from docket_policies.eligibility.admission import gates_of
from docket_policies.eligibility.choice_of_pack import PackRule, rows
from docket_policies.terms.editions import all_editions
from docket_policies.terms.loader import edition, pack_of_revision, revisions, service_levels
from docket_policies.terms.policy import ClosingReason, Policy
from docket_policies.terms.table import BadPack

VERBS = tuple(verb_of(kind) for kind in get_args(Command))
NEEDS_CONSENT = ("withdraw-access", "open-connection")
"""The commands whose refusal names the clause that lets the user consent."""


def check_packs() -> None:
    """Read the packs; raise BadPack where the data of one names what there is not.

    A typing mistake in a name would take a right away, or fail at somebody's command: it is found
    when a service starts. The loader knows no commands, so their names are checked here.
    """
    for revision in revisions():
        check_names(edition(pack_of_revision(revision), revision)[0])
    for each in all_editions():
        gates_of(each)
    check_levels(rows())


def check_names(terms: Policy) -> None:
    """Raise BadPack unless each name in the terms is that of a verb, a field, a refusal or a tag.

    The refusal says file and key, and what may stand there.
    """
    file = f"packs/{terms.pack}/{terms.revision}.toml"
    for key, names, known in (
        ("capabilities", terms.capabilities, VERBS),
        ("absent", terms.absent, VERBS),
        ("refusals", terms.refusals, get_args(SharedRefusal)),
        ("tags", terms.tags, TAGS),
    ):
        _refuse_unknown(file, key, names, known)
    for verb in terms.absent:
        if verb in terms.capabilities:
            raise BadPack(file, f"absent.{verb}", "is granted above: take one of the two away")
    for verb, capability in terms.capabilities.items():
        if capability.effect is not None and verb != "escalate":
            raise BadPack(file, f"capabilities.{verb}.effect", "only escalate has an effect")
        if verb in NEEDS_CONSENT and "grant-access" not in terms.capabilities:
            raise BadPack(file, f"capabilities.{verb}", "grant grant-access too: it gives consent")
    for key, reasons, kind in (
        ("closing_reasons", terms.closing_reasons, Close),
        ("rejection_reasons", terms.rejection_reasons, Reject),
    ):
        _refuse_unknown_fields(file, key, reasons, kind)


def check_levels(table: Iterable[PackRule]) -> None:
    """Raise BadPack unless the level that a row of the choice of packs assumes is one on offer."""
    for number, row in enumerate(table, start=1):
        if row.level is not None and row.level not in service_levels():
            known = ", ".join(service_levels())
            key = f"rows[{number}].level"
            raise BadPack("eligibility/choice_of_pack.toml", key, f"write one of {known}")


def _refuse_unknown_fields(
    file: str, key: str, reasons: Mapping[str, ClosingReason], kind: type[Close | Reject]
) -> None:
    known = tuple(field.name for field in fields(kind) if field.default is None)
    for name, reason in reasons.items():
        _refuse_unknown(file, f"{key}.{name}.requires", reason.requires, known)


def _refuse_unknown(
    file: str, key: str, names: Mapping[str, object], known: tuple[str, ...]
) -> None:
    for name in names:
        if name not in known:
            raise BadPack(file, f"{key}.{name}", f"is unknown: write one of {', '.join(known)}")
