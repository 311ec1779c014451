"""Who is told of each event: the notices that it may cause, or why nobody is told (C-51, C-71).

One row for every type of event: a test compares the table with the types that there are, and with
what notifier owes.
"""

from collections.abc import Mapping
from itertools import chain

from docket_events.access import (
    AccessRestored,
    AccessRestricted,
    RemoteAccessConsentGiven,
    RemoteAccessConsentWithdrawn,
    RemoteConnectionOpened,
)
from docket_events.account import (
    ContactRecorded,
    ContactWithdrawn,
    LanguageRecorded,
    LicenseRecorded,
)
from docket_events.clock import (
    BreachWithdrawn,
    InformationDeadlinePassed,
    ResponseDueSoon,
    ResponseOverdue,
    TicketAutoClosed,
)
from docket_events.combining import MergedInto, SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import (
    BreachExcused,
    CommentAdded,
    DefectLinked,
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    InternalNoteAdded,
    PeriodExtended,
    TicketAssigned,
    TicketRejected,
    TicketTagged,
    UpdateReleased,
)
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.notice import (
    ClosureBecameFinal,
    ClosureNoticeSent,
    DeskNoticeSent,
    NoticeBounced,
    NoticeKind,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Event
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
    TeamUpdateReceived,
)
from docket_events.ticket import (
    ClosureDecided,
    IndividualDeadlineSet,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    TicketCorrected,
    TicketCreated,
    TicketImported,
    TicketRegisteredInClientArea,
    TicketResumed,
    TicketRevoked,
    TicketSuspended,
    UncoordinatedChangeRecorded,
    UploadCompleted,
    UserCommented,
    UserReplied,
)
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)

_THE_USER_DID_IT = "the user did it"
_THE_QUEUE = "agents see it in the queue, where the ticket is theirs again"
_THE_CLOCK = "it moves when an answer is due, which the clock of the ticket shows; nobody need act"
_INSIDE = "it is the provider's own affair"
_AN_ACCOUNT = "an account is no ticket: what it changes is said by the next answer that it concerns"

TOLD: Mapping[type[Event], tuple[NoticeKind, ...] | str] = {
    TicketCreated: ("registration", "registration_alert"),
    TicketRegisteredInClientArea: ("registration", "registration_alert"),
    TicketImported: "what an imported ticket owed was settled where it came from",
    TicketCorrected: "the ticket shows it; it moves nothing",
    PriorityChanged: ("priority",),
    ResponseSent: ("response",),
    CommentAdded: ("comment",),
    UserReplied: _THE_QUEUE,
    UserCommented: _THE_QUEUE,
    InformationRequested: ("information_request",),
    InformationProvided: _THE_QUEUE,
    UploadCompleted: _THE_QUEUE,
    InformationRejected: ("information_rejected",),
    InformationDeadlinePassed: "the request said what follows; the closing is told when it comes",
    TicketSuspended: _THE_USER_DID_IT,
    TicketResumed: _THE_USER_DID_IT,
    TicketRevoked: ("access_reminder",),
    ThirdPartyWaitStarted: _THE_CLOCK,
    ThirdPartyResponseReceived: _THE_CLOCK,
    CauseUnknownDeclared: _THE_CLOCK,
    CauseEstablished: _THE_CLOCK,
    OperationScheduled: "the hour was agreed with the user",
    OperationCancelled: "the user is asked anew; until then nothing is to be done",
    ProductTeamEscalated: _INSIDE,
    ProductTeamReturned: _INSIDE,
    DeveloperConsultationStarted: _THE_CLOCK,
    DeveloperConsultationEnded: _THE_CLOCK,
    ForwardedToRelevantTeam: ("forwarded",),
    ReturnedFromRelevantTeam: ("returned",),
    TeamUpdateReceived: ("team_update",),
    UncoordinatedChangeRecorded: ("change_recorded",),
    IndependentMeasuresProposed: _THE_QUEUE,
    IndependentMeasuresAgreed: ("measures_agreed",),
    IndividualDeadlineSet: _THE_CLOCK,
    PeriodExtended: _THE_CLOCK,
    BreachExcused: _INSIDE,
    DefectLinked: _INSIDE,
    UpdateReleased: ("update_released",),
    TicketAssigned: _INSIDE,
    TicketTagged: _INSIDE,
    InternalNoteAdded: _INSIDE,
    TicketRejected: ("rejection",),
    ClosureDecided: ("closing",),
    ClosureBecameFinal: "the closing notice said when it would",
    ObjectionAccepted: ("objection_accepted",),
    ObjectionRefused: ("objection_refused",),
    TicketAutoClosed: ("automatic_closing",),
    TicketSplit: ("divided",),
    SplitChildCreated: "the part is registered as a ticket of its own, and the division is told",
    TicketsMerged: "the user is told in each ticket that went into this one",
    MergedInto: ("merged",),
    ResponseDueSoon: ("due_soon_alert",),
    ResponseOverdue: ("overdue_alert",),
    BreachWithdrawn: ("breach_withdrawn",),
    RegistrationNoticeSent: ("undelivered_alert",),
    ClosureNoticeSent: ("undelivered_alert",),
    NoticeSent: ("undelivered_alert",),
    NoticeBounced: ("undelivered_alert",),
    DeskNoticeSent: "an alert of an alert would go the way that failed; the log has it",
    RemoteAccessConsentGiven: _THE_USER_DID_IT,
    RemoteAccessConsentWithdrawn: _THE_USER_DID_IT,
    RemoteConnectionOpened: "the user consented to it, and the ticket shows each connection",
    AttachmentErased: "who asked for it knows, and the ticket shows it",
    ContentErased: "who asked for it knows, and the ticket shows it",
    AccessRestricted: _AN_ACCOUNT,
    AccessRestored: _AN_ACCOUNT,
    LicenseRecorded: _AN_ACCOUNT,
    ContactRecorded: _AN_ACCOUNT,
    ContactWithdrawn: _AN_ACCOUNT,
    LanguageRecorded: _AN_ACCOUNT,
}

CAUSES: Mapping[type[Event], tuple[NoticeKind, ...]] = {
    kind: notices for kind, notices in TOLD.items() if not isinstance(notices, str)
}
"""The notices that an event of a type may cause."""

NOTICE_KINDS: tuple[NoticeKind, ...] = tuple(dict.fromkeys(chain.from_iterable(CAUSES.values())))

NOTIFIER_TYPES = frozenset(kind.__name__ for kind in CAUSES)
"""The types that wake notifier: a notice may be owed, or an objection window changes (R-6.10-b)."""
