"""The commands: what somebody may ask for, one value each.

Texts and files are in the content store; a command carries references to them, so that the rules
never see personal data. The verb of a command in the API, in the packs and in the documents is its
name in kebab-case.
"""

from docket_events.codec import kebab
from docket_lifecycle.commands.closing import Close, Object, RefuseObjection, Reject
from docket_lifecycle.commands.conversation import (
    Comment,
    CompleteUpload,
    Note,
    ProvideInformation,
    RejectInformation,
    Reply,
    RequestInformation,
    Respond,
    TeamUpdate,
)
from docket_lifecycle.commands.ticket import (
    Assign,
    Create,
    Erase,
    LinkDefect,
    Merge,
    Part,
    Prioritize,
    Register,
    Resume,
    Revoke,
    Split,
    Standing,
    Suspend,
)
from docket_lifecycle.commands.work import (
    AgreeMeasures,
    AwaitThirdParty,
    CancelOperation,
    CauseEstablished,
    ConsultDevelopers,
    DeclareCauseUnknown,
    EndConsultation,
    Escalate,
    ExcuseBreach,
    ExtendPeriod,
    Forward,
    GrantAccess,
    OpenConnection,
    ProposeMeasures,
    RecordChange,
    Return,
    ScheduleOperation,
    SetDeadline,
    ThirdPartyResponded,
    WithdrawAccess,
)

__all__ = [
    "AgreeMeasures",
    "Assign",
    "AwaitThirdParty",
    "CancelOperation",
    "CauseEstablished",
    "Close",
    "Command",
    "Comment",
    "CompleteUpload",
    "ConsultDevelopers",
    "Create",
    "DeclareCauseUnknown",
    "EndConsultation",
    "Erase",
    "Escalate",
    "ExcuseBreach",
    "ExtendPeriod",
    "Forward",
    "GrantAccess",
    "LinkDefect",
    "Merge",
    "Note",
    "Object",
    "OnTicket",
    "OpenConnection",
    "Part",
    "Prioritize",
    "ProposeMeasures",
    "ProvideInformation",
    "RecordChange",
    "RefuseObjection",
    "Register",
    "Reject",
    "RejectInformation",
    "Reply",
    "RequestInformation",
    "Respond",
    "Resume",
    "Return",
    "Revoke",
    "ScheduleOperation",
    "SetDeadline",
    "Split",
    "Standing",
    "Suspend",
    "TeamUpdate",
    "ThirdPartyResponded",
    "TicketCommand",
    "WithdrawAccess",
    "verb_of",
]

TicketCommand = (
    Register
    | Prioritize
    | Assign
    | Respond
    | Reply
    | Comment
    | Note
    | RequestInformation
    | ProvideInformation
    | CompleteUpload
    | RejectInformation
    | Suspend
    | Resume
    | Revoke
    | AwaitThirdParty
    | ThirdPartyResponded
    | DeclareCauseUnknown
    | CauseEstablished
    | ScheduleOperation
    | CancelOperation
    | Escalate
    | Return
    | ConsultDevelopers
    | EndConsultation
    | Forward
    | TeamUpdate
    | RecordChange
    | ProposeMeasures
    | AgreeMeasures
    | SetDeadline
    | ExtendPeriod
    | GrantAccess
    | WithdrawAccess
    | OpenConnection
    | LinkDefect
    | Reject
    | Close
    | Object
    | RefuseObjection
    | Erase
)
"""The commands on one ticket that exists."""

OnTicket = TicketCommand | ExcuseBreach | Split | Merge
"""All commands on a ticket; the last three need more than its present state to be decided."""

Command = Create | OnTicket


def verb_of(command: Command | type[Command]) -> str:
    """Return the command's verb, as in `POST /v1/tickets/{id}/<verb>` and in the packs."""
    kind = command if isinstance(command, type) else type(command)
    return kebab(kind.__name__)
