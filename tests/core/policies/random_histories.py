"""Random histories of tickets: what may happen under a pack, and an instant to ask at."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from oracle_rules import RULES_OF_R, Rules, rules_of_i

from docket_events.recorded import Fact
from docket_policies.terms.loader import policy
from docket_policies.terms.policy import Policy
from histories import I_REVISION, happened
from people import REGULATIONS as R

GAPS = (0, 0, 1, 5, 13, 59, 60, 61, 179, 480, 600, 1_440, 2_880, 4_320)


PRIORITIES = ("Emergency", "High", "Medium", "Low")


DAYS = ("2026-04-08", "2026-10-26", "2026-06-10", "2026-12-23")


BOTH = ("priority", "comment", "third", "heard", "unknown", "found", "agree", "cancel", "split")


STEPS = {
    "R": (*BOTH, "team", "back", "merge", "merge"),
    "I": (*BOTH, "consult", "consulted", "forward", "returned", "extend", "extend"),
}
"""What may happen at any time; the user's side and the answers depend on what was before."""


PRODUCTS = ("VMmanager 6", "DCImanager 6", "BILLmanager 6", "DNSmanager 6")


Drawn = tuple[tuple[Fact, ...], datetime, Policy, Rules]


@dataclass
class Story:
    """A history as far as it has been told; a rejection may follow a `provisional` answer."""

    draw: st.DrawFn
    now: datetime
    created: datetime
    told: list[Fact] = field(default_factory=list)
    requests: dict[str, str] = field(default_factory=dict)
    provisional: str | None = None
    suspended: bool = False

    def tell(self, kind: str, **data: object) -> None:
        self.told.append(happened(self.now.isoformat(), kind, **data))

    def of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def wait(self, *minutes: int) -> None:
        self.now += timedelta(minutes=self.of(*minutes))

    def begin(self) -> None:
        """Tell a ticket of its own, or a part of another one."""
        part = self.of(False, False, True)
        priority = self.of(*PRIORITIES)
        self.tell("TicketCreated", priority=priority, split_from="T0" if part else None)
        if part:
            base = self.now - timedelta(minutes=self.of(0, 7, 600, 3_000))
            self.tell(
                "SplitChildCreated",
                parent="T0",
                parent_created_at=base.isoformat(),
                parent_base=base.isoformat(),
                priority=priority,
            )
        self.wait(0, 1, 45)
        self.tell("RegistrationNoticeSent")

    def merge(self) -> None:
        other = self.created + timedelta(minutes=self.of(-600, 0, 30, 2_000))
        mine = [self.created.isoformat(), min(other, self.now).isoformat()]
        carried = [f"m{len(self.requests)}"] * self.of(0, 0, 1)
        self.requests |= dict.fromkeys(carried, "awaited")
        self.tell(
            "TicketsMerged",
            created_at=mine,
            priority=self.of(*PRIORITIES),
            answered=self.of(False, False, True),
            open_requests=carried,
            third_parties=["v1"] * self.of(0, 0, 1),
            cause_unknown=self.of(False, False, True),
        )


def _step(story: Story, step: str) -> None:
    match step:
        case "priority":
            story.tell("PriorityChanged", to=story.of(*PRIORITIES))
        case "comment":
            story.tell("UserCommented")
        case "third":
            story.tell("ThirdPartyWaitStarted", id=story.of("v1", "v2"))
        case "heard":
            story.tell("ThirdPartyResponseReceived", id=story.of("v1", "v2"))
        case "unknown":
            story.tell("CauseUnknownDeclared")
        case "found":
            story.tell("CauseEstablished")
        case "agree":
            hour = story.now + timedelta(minutes=story.of(30, 600, 3_000))
            story.tell("OperationScheduled", agreed_for=hour.isoformat())
        case "cancel":
            story.tell("OperationCancelled")
        case "split":
            story.tell("TicketSplit")
        case "merge":
            story.merge()
        case "team":
            story.tell("ProductTeamEscalated")
        case "back":
            story.tell("ProductTeamReturned")
        case "consult":
            story.tell("DeveloperConsultationStarted")
        case "consulted":
            story.tell("DeveloperConsultationEnded")
        case "forward":
            story.tell("ForwardedToRelevantTeam")
        case "returned":
            story.tell("ReturnedFromRelevantTeam")
        case "extend":
            story.tell("PeriodExtended", seconds=60 * story.of(30, 240))
        case "suspend" | "resume":
            story.suspended = step == "suspend"
            story.tell("TicketSuspended" if story.suspended else "TicketResumed")
        case "respond":
            story.tell("ResponseSent")
        case "reply":
            story.tell("UserReplied")
        case "ask":
            request = f"q{len(story.requests) + 1}"
            story.requests[request] = "awaited"
            story.tell("InformationRequested", request=request)
        case "provide" | "uploaded" | "reject":
            _answer(story, step)
        case _:
            raise AssertionError(step)


def _answer(story: Story, step: str) -> None:
    match step:
        case "provide":
            awaited = [r for r, said in story.requests.items() if said == "awaited"]
            request, pending = story.of(*awaited), story.of(False, True)
            story.requests[request] = "uploading" if pending else "given"
            story.tell("InformationProvided", request=request, upload_pending=pending)
        case "uploaded":
            request = next(r for r, said in story.requests.items() if said == "uploading")
            story.requests[request] = "given"
            story.tell("UploadCompleted", request=request)
        case _:
            assert story.provisional is not None
            request = story.provisional
            story.requests[request] = "awaited"
            story.tell("InformationRejected", request=request)
    given_now = step != "reject" and story.requests[request] == "given"
    story.provisional = request if given_now else None


ENDS_A_TURN = (
    "respond", "ask", "reply", "suspend", "resume", "split", "merge", "forward", "returned",
    "extend",
)  # fmt: skip  # one step a line says no more


@st.composite
def histories(draw: st.DrawFn, pack: str) -> Drawn:
    """Draw what may happen to a ticket under a pack, and an instant to ask at."""
    now = datetime.fromisoformat(draw(st.sampled_from(DAYS))).replace(tzinfo=UTC)
    now += timedelta(minutes=draw(st.integers(0, 1_440)))
    story = Story(draw, now, now)
    terms, rules = R, RULES_OF_R
    if pack == "I":
        product, level = story.of(*PRODUCTS), story.of("Standard", "Standard", "Privilege")
        terms, rules = policy("I", I_REVISION, product, level), rules_of_i(product, level)
    story.begin()
    for _ in range(draw(st.integers(1, 12))):
        story.wait(*GAPS)
        said = story.requests.values()
        steps = [*STEPS[pack], "resume" if story.suspended else "suspend"]
        steps += ["respond", "reply", "ask"] * (not story.suspended)
        steps += ["provide"] * 2 * ("awaited" in said) + ["uploaded"] * 2 * ("uploading" in said)
        steps += ["reject"] * 3 * (story.provisional is not None)
        step = story.of(*steps)
        _step(story, step)
        if step in ENDS_A_TURN:  # an answer is provisional until somebody acts on it
            story.provisional = None
    story.wait(*GAPS)
    return tuple(story.told), story.now, terms, rules


BOUNDED = settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
