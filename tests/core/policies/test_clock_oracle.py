"""The response clock of pack R against a walk through every minute, on random histories."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from oracles import walked_clock
from told import R, answer, happened

from docket_events.recorded import Fact
from docket_policies.clock import response_clock

BOUNDED = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
LONG = settings(BOUNDED, max_examples=2_000)

GAPS = (0, 0, 1, 5, 13, 59, 60, 61, 179, 480, 600, 1_440, 2_880, 4_320)

PRIORITIES = ("Emergency", "High", "Medium", "Low")

# around Easter, a holiday in the middle of a week, and an ordinary week
DAYS = ("2026-04-08", "2026-10-26", "2026-06-10", "2026-12-23")


@st.composite
def histories(draw: st.DrawFn) -> tuple[tuple[Fact, ...], datetime]:
    """Draw what may happen to a ticket under pack R, and an instant to ask at."""
    now = datetime.fromisoformat(draw(st.sampled_from(DAYS))).replace(tzinfo=UTC)
    now += timedelta(minutes=draw(st.integers(0, 1_440)))
    told: list[Fact] = []

    def tell(kind: str, **data: object) -> None:
        told.append(happened(now.isoformat(), kind, **data))

    tell("TicketCreated")
    now += timedelta(minutes=draw(st.sampled_from((0, 1, 45))))
    tell("RegistrationNoticeSent")
    requests: dict[str, str] = {}
    provisional: str | None = None
    suspended = False
    for _ in range(draw(st.integers(0, 9))):
        now += timedelta(minutes=draw(st.sampled_from(GAPS)))
        steps = ["priority", "comment", "third", "heard", "unknown", "found", "agree", "cancel"]
        steps += ["team", "back", "suspend" if not suspended else "resume"]
        awaited = [r for r, answer_ in requests.items() if answer_ == "awaited"]
        uploading = [r for r, answer_ in requests.items() if answer_ == "uploading"]
        if not suspended:
            steps += ["respond", "reply", "ask"]
        steps += ["provide"] * 2 * bool(awaited) + ["uploaded"] * 2 * bool(uploading)
        steps += ["reject"] * 3 * (provisional is not None)
        match step := draw(st.sampled_from(steps)):
            case "priority":
                tell("PriorityChanged", to=draw(st.sampled_from(PRIORITIES)))
            case "comment":
                tell("UserCommented")
            case "third":
                tell("ThirdPartyWaitStarted", id=draw(st.sampled_from(("v1", "v2"))))
            case "heard":
                tell("ThirdPartyResponseReceived", id=draw(st.sampled_from(("v1", "v2"))))
            case "unknown":
                tell("CauseUnknownDeclared")
            case "found":
                tell("CauseEstablished")
            case "agree":
                hour = now + timedelta(minutes=draw(st.sampled_from((30, 600, 3_000))))
                tell("OperationScheduled", agreed_for=hour.isoformat())
            case "cancel":
                tell("OperationCancelled")
            case "team":
                tell("ProductTeamEscalated")
            case "back":
                tell("ProductTeamReturned")
            case "suspend" | "resume":
                suspended = step == "suspend"
                tell("TicketSuspended" if suspended else "TicketResumed")
            case "respond":
                tell("ResponseSent")
            case "reply":
                tell("UserReplied")
            case "ask":
                request = f"q{len(requests) + 1}"
                requests[request] = "awaited"
                tell("InformationRequested", request=request)
            case "provide":
                request = draw(st.sampled_from(awaited))
                pending = draw(st.booleans())
                requests[request] = "uploading" if pending else "given"
                tell("InformationProvided", request=request, upload_pending=pending)
            case "uploaded":
                request = uploading[0]
                requests[request] = "given"
                tell("UploadCompleted", request=request)
            case "reject":
                assert provisional is not None
                requests[provisional] = "awaited"
                tell("InformationRejected", request=provisional)
        # an answer counts as provisional until somebody acts on it
        if step in ("provide", "uploaded"):
            provisional = request if requests[request] == "given" else None
        elif step in ("respond", "ask", "reply", "suspend", "resume", "reject"):
            provisional = None
    return tuple(told), now + timedelta(minutes=draw(st.sampled_from(GAPS)))


def _as_walked(drawn: tuple[tuple[Fact, ...], datetime]) -> None:
    history, now = drawn
    for fact in history:
        note(f"{fact.occurred_at:%m-%d %H:%M} {fact.event}")
    clock = response_clock(history, R, now)
    assert answer(clock) == walked_clock(history, now)
    turn = clock.turns[clock.turn - 1]
    edges = [turn.started_at, *(span.to for span in turn.spans)]
    assert [span.from_ for span in turn.spans] == edges[:-1], "spans tile the turn"
    assert edges[-1] == now
    assert sum(span.counted_s for span in turn.spans) == clock.consumed_s, "spans add up"
    assert all(span.clause.startswith("R-") for span in turn.spans)


@given(drawn=histories())
@BOUNDED
def test_any_history_has_the_clock_of_a_walk_through_its_minutes(
    drawn: tuple[tuple[Fact, ...], datetime],
) -> None:
    _as_walked(drawn)


@pytest.mark.full
@given(drawn=histories())
@LONG
def test_any_of_two_thousand_histories_has_the_clock_of_a_walk_through_its_minutes(
    drawn: tuple[tuple[Fact, ...], datetime],
) -> None:
    _as_walked(drawn)


@given(drawn=histories(), wait=st.sampled_from(GAPS))
@BOUNDED
def test_a_pause_never_brings_a_deadline_forward(
    drawn: tuple[tuple[Fact, ...], datetime], wait: int
) -> None:
    history, now = drawn
    before = response_clock(history, R, now).deadline
    later = now + timedelta(minutes=wait)
    party = [
        happened(now.isoformat(), "ThirdPartyWaitStarted", id="v9"),
        happened(later.isoformat(), "ThirdPartyResponseReceived", id="v9"),
    ]
    after = response_clock((*history, *party), R, later).deadline
    assert before is None or after is None or after >= before
