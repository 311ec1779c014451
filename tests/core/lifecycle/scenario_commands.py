"""The command that a worked scenario asks about, and the other tickets that it names."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from scenario_checks import Check, facts_of, instant, on

from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Fact
from docket_events.ticket import TicketCreated
from docket_lifecycle import commands
from docket_lifecycle.commands import Command, Create, Merge, Part, Split, Standing
from docket_lifecycle.rules.context import OtherTicket
from docket_lifecycle.state.fold import fold
from docket_policies.deadlines.timers import objections_until
from people import NOTICE, text

OTHER = UUID("01978a6e-6c00-7000-8def-0123456789ac")

STANDING: dict[tuple[str, int], Standing] = {
    ("R-057", 3): Standing(license_active=False),
    ("I-021", 0): Standing(services_until=date(2026, 6, 30)),
    ("I-021", 1): Standing(services_until=date(2026, 6, 30)),
    ("I-027", 1): Standing(updates_until=date(2026, 6, 10)),
    ("I-027", 2): Standing(services_until=date(2027, 6, 10)),
}
"""What the words of a scenario say of who opens a ticket."""


CONFIRMED = {("I-011", 2)}
"""The forwarding of which the words say that the matter was confirmed before."""


Data = Mapping[str, Any]

_WORDS = text("some words")

_COMMANDS: Mapping[str, Callable[[Data, str], Command]] = {
    "register": lambda data, why: commands.Register(),
    "register_in_client_area": lambda data, why: commands.Register(),
    "prioritize": lambda data, why: commands.Prioritize(
        data["priority"], text(data["reason"]), tuple(data.get("criteria", ()))
    ),
    "reply": lambda data, why: commands.Reply(_WORDS),
    "comment": lambda data, why: commands.Comment(_WORDS),
    "complete_upload": lambda data, why: commands.CompleteUpload(data["request"]),
    "suspend": lambda data, why: commands.Suspend(),
    "resume": lambda data, why: commands.Resume(),
    "revoke": lambda data, why: commands.Revoke(),
    "close": lambda data, why: commands.Close(why, plan_reference=data.get("plan_reference")),
    "reject": lambda data, why: commands.Reject(
        why, reference=text(data["reference"]) if "reference" in data else None
    ),
    "object": lambda data, why: (
        commands.Object(_WORDS, _WORDS) if data.get("motivated") else commands.Object()
    ),
    "refuse_objection": lambda data, why: commands.RefuseObjection(_WORDS),
    "escalate": lambda data, why: commands.Escalate(text(why)),
    "third_party_responded": lambda data, why: commands.ThirdPartyResponded(data["wait"]),
    "declare_cause_unknown": lambda data, why: commands.DeclareCauseUnknown(),
    "cause_established": lambda data, why: commands.CauseEstablished(),
    "schedule_operation": lambda data, why: commands.ScheduleOperation(instant(data["agreed_for"])),
    "set_deadline": lambda data, why: commands.SetDeadline(
        instant(data["deadline"]), text(data["why"])
    ),
    "open_remote_connection": lambda data, why: commands.OpenConnection(
        data.get("method", "documented")
    ),
    "extend_period": lambda data, why: commands.ExtendPeriod(3600),
    "split": lambda data, why: Split((Part(OTHER, "D-1043"),), text("two issues")),
    "merge": lambda data, why: Merge(),
}
"""What a scenario calls a command, and how it is given: by its data and its reason."""


def command_of(check: Check) -> Command:
    asked, data = check.asked, check.asked.get("data", {})
    match asked["command"]:
        case "create":
            return _creation(check, data)
        case "forward":
            return commands.Forward("error", confirmed=check.key in CONFIRMED)
        case name:
            return _COMMANDS[name](data, asked.get("reason", ""))


def _creation(check: Check, data: Data) -> Create:
    return Create(
        number="D-1042",
        account_id="acme",
        requester_id="ann",
        channel=check.asked.get("channel") or data.get("channel", "client_area"),
        product=data.get("product") or check.scenario["policy"]["product"],
        priority="High",
        kind=data.get("kind"),
        requested_priority=data.get("requested_priority"),
        justification=_WORDS if "justification" in data else None,
        several_issues=data.get("flag") == "multiple_issues",
        standing=standing_of(check),
    )


def standing_of(check: Check) -> Standing:
    data = check.asked.get("data", {})
    if check.key in STANDING:
        return STANDING[check.key]
    until, served = data.get("restricted_until"), data.get("services_until")
    return Standing(
        who="user" if check.asked["actor"] == "agent" else check.asked["actor"],
        restricted_until=instant(until) if until else None,
        license_active=data.get("license_active"),
        services_until=date.fromisoformat(served) if served else None,
        sender_is_contact=data.get("sender_is_contact", False),
        grounds=tuple(ground for ground, told in data.items() if told is True),
    )


def sources_of(check: Check) -> list[OtherTicket]:
    """Make the other tickets: as they are told, or that of R-040.

    There T2 is of another user, T3 is closed.
    """
    if "sources" in check.asked:
        histories = [
            tuple(facts_of(source["events"], check.terms)) for source in check.asked["sources"]
        ]
        return [_other(history) for history in histories]
    (_, name) = check.asked.get("tickets", ("T1", "T4"))
    account = "of user B" if name == "T2" else "acme"
    created = TicketCreated("D-1043", account, "bob", "client_area", "VMmanager 6", "Low",
                            check.terms.pack, check.terms.revision, readings_version=2)  # fmt: skip
    history = on("2026-06-08T09:00:00Z", created)
    if name == "T3":
        sent = instant("2026-06-08T09:30:00Z")
        notice = ClosureNoticeSent(sent, NOTICE, objections_until(check.terms, sent))
        history += (Fact(notice, sent),)
    return [_other(history)]


def _other(history: tuple[Fact, ...]) -> OtherTicket:
    ticket = fold(OTHER, history)
    assert ticket is not None
    return OtherTicket(ticket, history)
