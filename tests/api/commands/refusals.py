"""Every reason to refuse a command for which the phase of the ticket is not to blame.

What the phases refuse stands in the table `every_command`. `clause` is what
the refusal rests on; before each command stands the history that gives the reason.
"""

from dataclasses import dataclass

from docket_events.access import AccessRestricted, RemoteAccessConsentGiven
from docket_events.desk import BreachExcused
from docket_events.recorded import Actor, Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    ResponseSent,
    TicketRegisteredInClientArea,
)
from docket_lifecycle import commands
from docket_lifecycle.commands import OnTicket, verb_of
from every_command import (
    ASKED,
    BEGIN,
    BREACHED,
    CONSENT,
    EXCUSE,
    FORWARDED,
    TOLD,
    earlier,
    later,
)
from people import ANN, OLGA, PIA, june, text


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that is refused for a reason; it is given at noon of 9 June."""

    pack: str
    command: OnTicket
    by: Actor
    code: str
    clause: str
    before: tuple[Fact, ...] = ()

    @property
    def verb(self) -> str:
        return verb_of(self.command)

    @property
    def history(self) -> tuple[Fact, ...]:
        return (*BEGIN[self.pack], *self.before)


REGISTERED = earlier(TicketRegisteredInClientArea("ann"))
GIVEN = (*ASKED, *earlier(InformationProvided("q1")))
ONE_ANSWERED = earlier(InformationRequested("q1", deadline=june(11, 10)), InformationProvided("q1"))
NOBODYS = commands.Erase("person_asked", (text("of another ticket").id,))
STRANGER = commands.Erase("person_asked", person="nobody")
RESTRICTED = earlier(AccessRestricted("acme", june(12)))
DOCUMENTED = earlier(RemoteAccessConsentGiven("written", "documented"))
ILL_FITTING = commands.Prioritize("High", "a rack", ("R-5.2-HI-DCI1",))
"""A criterion of another product under R, and of other terms under I."""
UNPROVIDED = commands.Close("info_not_provided")
OBJECTION = commands.Object(text("what"), text("consequences"))
GONE = june(9, 12)
"""The very noon of the command: an hour that is no longer ahead."""


def of_both(pack: str, request: str, upload: str, reject: str) -> tuple[Refusal, ...]:
    """Return what all packs refuse about information, by their own clauses."""
    return (
        Refusal(pack, commands.ProvideInformation("q9"), ANN, "unknown_request", request, ASKED),
        Refusal(pack, commands.ProvideInformation("q1"), ANN, "already_provided", request, GIVEN),
        Refusal(pack, commands.ProvideInformation("q2"), ANN, "already_provided", request, ASKED),
        Refusal(pack, commands.CompleteUpload("q9"), ANN, "unknown_request", upload, ASKED),
        Refusal(pack, commands.CompleteUpload("q1"), ANN, "no_upload_pending", upload, ASKED),
        Refusal(
            pack,
            commands.RejectInformation("q9", text("no")),
            OLGA,
            "unknown_request",
            reject,
            ASKED,
        ),
        Refusal(
            pack,
            commands.RejectInformation("q1", text("no")),
            OLGA,
            "nothing_provided",
            reject,
            ASKED,
        ),
    )


def of_the_ends(pack: str, reject: str, close: str) -> tuple[Refusal, ...]:
    """Return what terms without a clock refuse about endings, by their own clauses."""
    return (
        Refusal(pack, commands.Reject("no_time"), OLGA, "unknown_reason", reject),
        Refusal(pack, commands.Close("no_time"), OLGA, "unknown_reason", close),
        Refusal(pack, NOBODYS, PIA, "unknown_content", "C-40"),
        Refusal(pack, STRANGER, PIA, "unknown_person", "C-40"),
    )


def of_an_excuse(pack: str, clause: str) -> tuple[Refusal, ...]:
    """Return what both packs refuse about the excuse of a breach, by their own clauses."""
    answered = earlier(ResponseSent())
    excused = (*BREACHED, *later(BreachExcused(1, "user_breach", clause, "olga", june(8, 17))))
    return tuple(
        Refusal(pack, command, OLGA, code, clause, before)
        for command, code, before in (
            (commands.ExcuseBreach(1, "no_time", "olga"), "unknown_reason", BREACHED),
            (commands.ExcuseBreach(2, "force_majeure", "olga"), "unknown_turn", BREACHED),
            (EXCUSE, "not_breached", (*BREACHED, *answered)),
            (EXCUSE, "already_excused", excused),
        )
    )


REFUSALS = (
    *of_both("R", "R-6.4", "R-1.14", "R-6.1-c"),
    *of_both("I", "I-2.6-*", "I-2.6-*", "I-2.6-*"),
    *of_both("H", "C-68", "C-68", "C-68"),
    *of_both("M", "C-68", "C-68", "C-68"),
    *of_the_ends("H", "H-policy-2", "H-policy-3"),
    *of_the_ends("M", "M-sup-1", "M-price-support"),
    Refusal("H", commands.WithdrawAccess(), ANN, "consent_missing", "H-plan-access"),
    Refusal("H", commands.OpenConnection(), OLGA, "consent_missing", "H-plan-access"),
    Refusal(
        "H",
        commands.OpenConnection("alternative"),
        OLGA,
        "no_alternative_method_agreed",
        "H-plan-access",
        DOCUMENTED,
    ),
    Refusal("I", commands.Register(), OLGA, "already_registered", "I-2.4.1", REGISTERED),
    Refusal("R", commands.Register(), OLGA, "already_registered", "R-4.2-b", REGISTERED),
    Refusal("R", ILL_FITTING, OLGA, "unknown_criterion", "R-5.2"),
    Refusal("I", ILL_FITTING, OLGA, "unknown_criterion", "I-2.6-intro"),
    Refusal("R", commands.ThirdPartyResponded("w9"), OLGA, "unknown_wait", "R-6.8-b"),
    Refusal("R", commands.CauseEstablished(), OLGA, "cause_not_unknown", "R-6.8-c"),
    Refusal("R", commands.ScheduleOperation(GONE), OLGA, "agreed_hour_passed", "R-6.8-d"),
    Refusal("R", commands.CancelOperation(), OLGA, "no_operation_scheduled", "R-6.8-d"),
    Refusal("R", commands.Return(), OLGA, "not_escalated", "R-6.7-d"),
    Refusal("R", commands.AgreeMeasures(), OLGA, "no_measures_proposed", "R-6.6-c"),
    Refusal("R", commands.SetDeadline(june(9, 11)), OLGA, "deadline_passed", "R-3.4"),
    Refusal("R", commands.WithdrawAccess(), ANN, "consent_missing", "R-6.2-b"),
    Refusal("R", commands.OpenConnection(), OLGA, "consent_missing", "R-6.2-b"),
    Refusal(
        "R",
        commands.OpenConnection("alternative"),
        OLGA,
        "no_alternative_method_agreed",
        "R-6.2-b",
        DOCUMENTED,
    ),
    *of_an_excuse("R", "R-7.2"),
    *of_an_excuse("I", "I-7.9"),
    Refusal("R", commands.Close("no_time"), OLGA, "unknown_reason", "R-6.9"),
    Refusal("R", commands.Close("product_error_found"), OLGA, "plan_reference_required", "R-6.11"),
    Refusal("R", UNPROVIDED, OLGA, "no_information_requested", "R-6.9-b"),
    Refusal("R", UNPROVIDED, OLGA, "information_was_provided", "R-6.9-b", ONE_ANSWERED),
    Refusal("R", UNPROVIDED, OLGA, "info_deadline_not_reached", "R-6.9-b", ASKED),
    Refusal("R", OBJECTION, ANN, "ticket_not_closed", "R-6.10-b"),
    Refusal("R", commands.Object(text("what")), ANN, "objection_not_motivated", "R-6.10-d", TOLD),
    Refusal("R", commands.RefuseObjection(text("no")), OLGA, "no_objection", "R-6.10-d"),
    Refusal("R", commands.Reply(text("so?")), ANN, "access_restricted", "R-7.4", RESTRICTED),
    Refusal("R", commands.Comment(text("so?")), ANN, "access_restricted", "R-7.4", RESTRICTED),
    Refusal("R", OBJECTION, ANN, "access_restricted", "R-7.4", (*RESTRICTED, *TOLD)),
    Refusal("I", commands.ThirdPartyResponded("w9"), OLGA, "unknown_wait", "I-7.9-b"),
    Refusal(
        "I",
        commands.Escalate("a wish", confirmed=True),
        OLGA,
        "information_not_collected",
        "I-3.4",
        ASKED,
    ),
    Refusal("I", commands.Escalate("a wish"), OLGA, "not_confirmed", "I-3.4"),
    Refusal(
        "I", commands.Forward(confirmed=True), OLGA, "information_not_collected", "I-3.4", ASKED
    ),
    Refusal("I", commands.Forward(), OLGA, "not_confirmed", "I-3.4"),
    Refusal("I", commands.Return(), OLGA, "not_escalated", "I-3.4"),
    Refusal("I", commands.TeamUpdate(text("news")), OLGA, "not_forwarded", "I-3.4"),
    Refusal("I", commands.ConsultDevelopers(), OLGA, "ticket_forwarded", "I-3.4", FORWARDED),
    Refusal("I", commands.EndConsultation(), OLGA, "not_consulting", "I-3.1-c"),
    Refusal("I", commands.ExtendPeriod(3600), OLGA, "no_alternative_method_agreed", "I-3.5-c"),
    Refusal(
        "I", commands.ExtendPeriod(3600), OLGA, "ticket_forwarded", "I-3.4", (*CONSENT, *FORWARDED)
    ),
    Refusal("I", commands.WithdrawAccess(), ANN, "consent_missing", "I-3.5-a"),
    Refusal("I", commands.OpenConnection(), OLGA, "consent_missing", "I-3.5-a"),
    Refusal(
        "I",
        commands.OpenConnection("alternative"),
        OLGA,
        "no_alternative_method_agreed",
        "I-3.5-b",
        DOCUMENTED,
    ),
    Refusal("I", commands.Reject("no_time"), OLGA, "unknown_reason", "I-3.2"),
    Refusal(
        "I", commands.Reject("information_refused"), OLGA, "no_information_requested", "I-3.2-b"
    ),
    Refusal("I", commands.Reject("answered_earlier"), OLGA, "ticket_reference_required", "I-3.2-g"),
    Refusal("I", commands.Reject("cannot_reproduce"), OLGA, "test_bench_not_requested", "I-3.2-c"),
    Refusal("I", commands.Reject("out_of_scope"), OLGA, "ticket_forwarded", "I-3.4", FORWARDED),
    Refusal("I", commands.Close("no_time"), OLGA, "unknown_reason", "I-2.6-ongoing"),
    Refusal("I", commands.Reply(text("so?")), ANN, "access_restricted", "I-7.11", RESTRICTED),
    Refusal("I", commands.Comment(text("so?")), ANN, "access_restricted", "I-7.11", RESTRICTED),
    Refusal("R", NOBODYS, PIA, "unknown_content", "C-40"),
    Refusal("R", STRANGER, PIA, "unknown_person", "C-40"),
    Refusal("I", NOBODYS, PIA, "unknown_content", "I-3.9.1-b"),
    Refusal("I", STRANGER, PIA, "unknown_person", "I-3.9.1-b"),
)
