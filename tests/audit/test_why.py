"""Why a ticket stands where it stands: every line to its event, its actor and its clause."""

from collections.abc import Sequence
from typing import Any

from chronicle import utc
from docket_audit.causes import causes
from docket_audit.point import Point
from docket_audit.replay import replay
from docket_audit.why import why
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    InformationRejected,
    ObjectionAccepted,
    ObjectionRefused,
)
from docket_simulation.clauses import clause_of
from late_evidence import (
    CLOCK,
    LATE_ANSWER,
    LATE_INFORMATION,
    NOTICE_ID,
    NOTIFIER,
    NOW,
    Written,
    high,
    history_of,
)
from people import ANN, BEN

PRESENT = Point()


def reasons(story: Sequence[Written], point: Point = PRESENT) -> dict[str, Any]:
    history = history_of(story)
    return why(replay(history[0].ticket_id, history, point, utc(NOW)))


def test_the_spans_of_a_deadline_add_up_to_what_was_consumed() -> None:
    told = reasons(LATE_INFORMATION.story)
    turns = [each for each in told["deadlines"] if each["deadline"] == "response"]

    assert len(turns) == 2
    for turn in turns:
        assert sum(span["counted_s"] for span in turn["spans"]) == turn["consumed_s"]
        assert all(span["says"] for span in turn["spans"])
    waiting = turns[0]["spans"][-1]
    assert (waiting["state"], waiting["clause"]) == ("waiting_user", "R-6.8-a")
    assert (waiting["event"]["type"], waiting["event"]["version"]) == ("InformationRequested", 4)
    assert waiting["event"]["actor"] == BEN


def test_R_6_9_b_a_request_has_its_deadline_its_end_and_its_clause_in_words() -> None:
    told = reasons(LATE_INFORMATION.story)
    (request,) = (each for each in told["deadlines"] if each["deadline"] == "information")

    assert request["due_at"] == utc("2026-06-11T10:00:00")
    assert (request["answer"], request["passed"]["version"]) == ("given", 5)
    assert request["passed"]["actor"] == CLOCK
    clause = clause_of("R-6.9-b")
    assert clause is not None
    assert (request["clause"], request["says"]) == ("R-6.9-b", clause.says)


def test_R_6_10_every_step_of_a_closing_has_its_clause() -> None:
    sent = utc("2026-06-10T10:00:00")
    notice = ClosureNoticeSent(sent, NOTICE_ID, utc("2026-06-16T00:00:00"))
    steps = [
        ("2026-06-10T09:00:00", ClosureDecided("resolved", "R-6.9-a"), BEN),
        ("2026-06-10T10:00:00", notice, NOTIFIER),
        ("2026-06-11T10:00:00", ObjectionAccepted(), ANN),
        ("2026-06-11T11:00:00", ObjectionRefused(), BEN),
        ("2026-06-16T00:00:00", ClosureBecameFinal(), NOTIFIER),
    ]
    told = reasons([*high(), *(Written(at, at, event, who) for at, event, who in steps)])

    assert [(each["event"]["type"], each["clause"]) for each in told["closings"]] == [
        ("ClosureDecided", "R-6.9-a"),
        ("ClosureNoticeSent", "R-6.10-a"),
        ("ObjectionAccepted", "R-6.10-b"),
        ("ObjectionRefused", "R-6.10-d"),
        ("ClosureBecameFinal", "R-6.10-b"),
    ]
    assert all(each["says"] for each in told["closings"])
    assert [each["event"]["type"] for each in told["refusals"]] == ["ObjectionRefused"]
    assert [each["due_at"] for each in told["deadlines"] if each["deadline"] == "objection"] == [
        utc("2026-06-16T00:00:00")
    ]


def test_C_05_a_rejected_answer_is_a_refusal() -> None:
    at = "2026-06-12T10:00:00"
    told = reasons([*LATE_INFORMATION.story, Written(at, at, InformationRejected("q1"))])

    assert [(each["event"]["version"], each["clause"]) for each in told["refusals"]] == [
        (7, "R-6.1-c")
    ]


def test_pauses_breaches_and_what_lies_ahead_stand_in_it() -> None:
    asked = reasons(LATE_INFORMATION.story, Point(4))
    passed = reasons(LATE_INFORMATION.story, Point(5))
    late = reasons(LATE_ANSWER.story)

    assert [pause["event"]["version"] for pause in passed["pauses"]] == [4]
    assert [each["name"] for each in asked["ahead"]] == ["InformationDeadlinePassed"]
    assert late["breaches"][0]["excuse"]["event"]["version"] == 5


def test_events_stand_under_what_caused_them() -> None:
    (tree,) = causes(history_of(LATE_ANSWER.story))

    (root,) = tree["events"]
    versions = []
    while True:
        versions.append(root["version"])
        if not root["caused"]:
            break
        (root,) = root["caused"]
    assert versions == [1, 2, 3, 4, 5, 6]


def test_an_event_that_another_ticket_caused_is_a_root_that_names_its_cause() -> None:
    history = history_of(LATE_ANSWER.story)[3:]

    (tree,) = causes(history)

    assert tree["events"][0]["caused_by"] == history_of(LATE_ANSWER.story)[2].event_id
