"""What anybody may say at any time: strategies for the commands of random histories."""

from datetime import timedelta
from uuid import UUID

from acme import MONDAY, june, text
from hypothesis import strategies as st

from docket_events.access import AccessRestored, AccessRestricted
from docket_lifecycle import commands
from docket_lifecycle.commands import OnTicket, Part, Split

WORDS = text("some words")
PART = UUID("01978a6e-6c00-7000-8def-0123456789ac")
SOURCE = UUID("01978a6e-6c00-7000-8def-0123456789ad")

requests = st.sampled_from(["q1", "q2", "q3", "D-2001-q1"])
priorities = st.sampled_from(["Emergency", "High", "Medium", "Low"])
hours_ahead = st.sampled_from([MONDAY + timedelta(hours=h) for h in (3, 17, 30, 100, 400)])
methods = st.sampled_from(["documented", "alternative"])
truth = st.booleans()

AGENTS: st.SearchStrategy[OnTicket] = st.one_of(
    st.builds(commands.Register),
    st.builds(commands.Prioritize, priority=priorities, reason=st.just("as it looks")),
    st.builds(commands.Assign, st.sampled_from(["olga", "max", None])),
    st.builds(commands.LinkDefect, st.sampled_from(["VM-1", "VM-2"])),
    st.builds(commands.Respond, content=st.just(WORDS), proposes_solution=truth),
    st.builds(commands.Note, st.just(WORDS)),
    st.builds(commands.TeamUpdate, st.just(WORDS)),
    st.builds(
        commands.RequestInformation,
        items=st.just(WORDS),
        kind=st.sampled_from(["information", "test_bench"]),
    ),
    st.builds(commands.RejectInformation, request=requests, reason=st.just(WORDS)),
    st.builds(commands.AwaitThirdParty, st.just("a bank")),
    st.builds(commands.ThirdPartyResponded, st.sampled_from([f"w{n}" for n in range(3, 9)])),
    st.builds(commands.DeclareCauseUnknown),
    st.builds(commands.CauseEstablished),
    st.builds(commands.ScheduleOperation, hours_ahead),
    st.builds(commands.CancelOperation),
    st.builds(commands.Escalate, st.just("the code"), confirmed=truth),
    st.builds(commands.Forward, confirmed=truth),
    st.builds(commands.Return),
    st.builds(commands.ConsultDevelopers),
    st.builds(commands.EndConsultation),
    st.builds(commands.RecordChange, st.just("a module")),
    st.builds(commands.AgreeMeasures),
    st.builds(commands.SetDeadline, st.sampled_from([june(12, 12), june(30, 12)])),
    st.builds(commands.ExtendPeriod, st.sampled_from([60, 7200])),
    st.builds(commands.OpenConnection, methods),
    st.builds(
        commands.ExcuseBreach,
        turn=st.integers(1, 3),
        reason=st.sampled_from(["force_majeure", "user_breach", "no_time"]),
        approver=st.sampled_from(["olga", "max"]),
    ),
    st.builds(
        commands.Reject,
        st.sampled_from(["out_of_scope", "answered_earlier", "cannot_reproduce", "no_time"]),
        st.sampled_from([None, "D-1001"]),
    ),
    st.builds(
        commands.Close,
        reason=st.sampled_from(
            ["resolved", "out_of_scope", "info_not_provided", "product_error_found", "no_time"]
        ),
        plan_reference=st.sampled_from([None, "VM-4711"]),
    ),
    st.builds(commands.RefuseObjection, reason=st.just(WORDS)),
)
CUSTOMERS: st.SearchStrategy[OnTicket] = st.one_of(
    st.builds(commands.Reply, content=st.just(WORDS)),
    st.builds(commands.Comment, content=st.just(WORDS)),
    st.builds(commands.ProvideInformation, request=requests, upload_pending=truth),
    st.builds(commands.CompleteUpload, request=requests),
    st.builds(commands.Suspend),
    st.builds(commands.Resume),
    st.builds(commands.Revoke),
    st.builds(commands.ProposeMeasures, st.just(WORDS)),
    st.builds(commands.GrantAccess, st.just("written"), methods),
    st.builds(commands.WithdrawAccess),
    st.builds(commands.Object, st.sampled_from([WORDS, None]), st.sampled_from([WORDS, None])),
)
SPLITS = st.builds(
    Split,
    parts=st.builds(Part, st.just(PART), st.just("D-1044"), priorities).map(lambda part: (part,)),
    reason=st.just("two issues"),
)
RESTRICTIONS = st.sampled_from(
    [AccessRestricted("acme"), AccessRestricted("acme", june(12)), AccessRestored("acme")]
)
MESSAGES = (
    commands.Respond,
    commands.Reply,
    commands.Comment,
    commands.Note,
    commands.TeamUpdate,
    commands.RequestInformation,
    commands.AwaitThirdParty,
    commands.ProposeMeasures,
    commands.ExtendPeriod,
    commands.OpenConnection,
)
"""Commands that say something: said twice, they are two messages."""
