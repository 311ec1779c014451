"""What may happen next to a ticket, weighed by how telling it is, and how it is told."""

from collections.abc import Mapping
from datetime import timedelta

from random_handing_on import merge
from random_story import PRIORITIES, Story

SIMPLE: Mapping[str, str] = {
    "respond": "ResponseSent",
    "unknown": "CauseUnknownDeclared",
    "found": "CauseEstablished",
    "cancel": "OperationCancelled",
    "split": "TicketSplit",
    "team": "ProductTeamEscalated",
    "back": "ProductTeamReturned",
    "consult": "DeveloperConsultationStarted",
    "consulted": "DeveloperConsultationEnded",
    "forward": "ForwardedToRelevantTeam",
    "returned": "ReturnedFromRelevantTeam",
    "update": "TeamUpdateReceived",
    "suspend": "TicketSuspended",
    "resume": "TicketResumed",
    "change": "UncoordinatedChangeRecorded",
    "revoke": "TicketRevoked",
    "reject-ticket": "TicketRejected",
    "merged-away": "MergedInto",
    "refuse": "ObjectionRefused",
}
"""The steps that are told by one event without data."""


def possible(story: Story, pack: str, *, dense: bool) -> list[str]:
    """Return what may happen now; what stands there twice happens twice as often."""
    walk = story.walk
    if walk.ending is not None:
        again = dense and pack == "R" and walk.ending.state == "closed"
        return ["object"] if again and not _gone(story) else []
    if walk.forwarded:
        return ["returned", "returned", "update", "message", "priority", "note"]
    steps = ["priority", "priority", "message", "ask", *_of_information(story)]
    if not walk.suspended:
        steps += ["respond", "respond", "ask"]
    steps += ["message"] * 3 * walk.answered
    steps += ["heard"] * 2 if walk.parties else ["third"]
    steps += _of_pack_r(story) if pack == "R" else _of_pack_i(story)
    return steps + (_of_section_h(story, pack) if dense else [])


def _gone(story: Story) -> bool:
    return type(story.told[-1].event).__name__ == "MergedInto"


def _of_information(story: Story) -> list[str]:
    awaited = story.requests(arrived=False)
    uploading = story.requests(arrived=False, uploading=True)
    given = story.requests(arrived=True)
    turn = story.walk.turn
    provisional = turn is not None and turn.ended_at is None and bool(turn.answers)
    steps = ["provide"] * 4 * bool(awaited) + ["uploaded"] * 3 * bool(uploading)
    return steps + ["reject"] * (1 + 6 * provisional) * bool(given) + ["reject"] * bool(uploading)


def _of_pack_r(story: Story) -> list[str]:
    walk = story.walk
    steps = ["resume"] * 4 if walk.suspended else ["suspend", "split", "merge"]
    steps.append("back" if walk.team else "team")
    steps.append("found" if walk.cause_unknown else "unknown")
    return [*steps, "cancel" if walk.agreed_for else "agree"]


def _of_pack_i(story: Story) -> list[str]:
    walk = story.walk
    steps = ["split", "extend", "extend", "consulted" if walk.team else "consult"]
    return [*steps, *["forward"] * (not walk.awaits_information)]


def _of_section_h(story: Story, pack: str) -> list[str]:
    """Return what the readings of section H are about."""
    walk = story.walk
    steps = ["note"]
    if story.of(*[False] * 9, True):
        steps += ["rare"] * 4
    if pack == "R" or story.of(*[False] * 4, True):
        steps.append("close")
    if pack == "I":
        return steps + ["silence"] * 2 * (walk.silent_since is not None)
    steps += ["individual"] * 3
    steps += ["refuse"] * 4 * (walk.reopened is not None)
    return steps + ["refuse"] * (story.objected and walk.reopened is None)


def take(story: Story, step: str, *, dense: bool) -> None:
    """Tell a step."""
    if step in SIMPLE:
        story.tell(SIMPLE[step])
        return
    match step:
        case "priority":
            story.tell("PriorityChanged", to=story.of(*PRIORITIES))
        case "message":  # one act, told by whose turn it is (C-62)
            replies = story.walk.answered and not story.walk.awaits_information
            story.tell("UserReplied" if replies else "UserCommented")
        case "note":
            story.tell("CommentAdded", by="agent")
        case "third":
            story.tell("ThirdPartyWaitStarted", id=story.of("v1", "v2"))
        case "heard":
            story.tell("ThirdPartyResponseReceived", id=story.of(*sorted(story.walk.parties)))
        case "agree":
            hour = story.now + timedelta(minutes=story.of(30, 600, 3_000))
            story.tell("OperationScheduled", agreed_for=hour.isoformat())
        case "extend":
            story.tell("PeriodExtended", seconds=60 * story.of(30, 240))
        case "individual":
            _set_deadline(story)
        case "merge":
            merge(story, adopting=dense and story.of(True, True, True, False))
        case "ask" | "provide" | "uploaded" | "reject":
            _of_a_request(story, step, dense=dense)
        case _:
            _ending(story, step)


def _set_deadline(story: Story) -> None:
    deadline = story.now + timedelta(minutes=story.of(30, 240, 1_440, 4_000, 10_000))
    story.agreed = story.now, deadline
    story.tell("IndividualDeadlineSet", deadline=deadline.isoformat())


def _of_a_request(story: Story, step: str, *, dense: bool) -> None:
    match step:
        case "ask":
            story.tell("InformationRequested", request=story.named())
        case "provide":
            request = story.of(*story.requests(arrived=False))
            pending = story.of(False, False, True)
            story.tell("InformationProvided", request=request, upload_pending=pending)
        case "uploaded":
            request = story.of(*story.requests(arrived=False, uploading=True))
            story.tell("UploadCompleted", request=request)
        case _:
            if dense:  # early and late
                story.wait(0, 0, 30, 600, 2_880, 7_200)
            uploading = story.requests(arrived=False, uploading=True)
            request = story.of(*story.requests(arrived=True), *uploading)
            story.tell("InformationRejected", request=request)


def _ending(story: Story, step: str) -> None:
    """End a ticket, or open it again; what is rare happens seldom to any ticket."""
    match step:
        case "rare" if story.walk.rules.pauses:
            take(story, story.of("change", "change", "revoke", "merged-away"), dense=True)
        case "rare":
            take(story, story.of("reject-ticket", "agree"), dense=True)
        case "close":
            story.tell("ClosureDecided")
            story.wait(0, 5, 90)
            story.tell("ClosureNoticeSent")
        case "object":
            story.wait(0, 60, 600, 2_880, 5_000)
            story.objected = True
            story.tell("ObjectionAccepted")
        case "silence":
            story.wait(5_000, 11_600)
        case _:
            raise AssertionError(step)
