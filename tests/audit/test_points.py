"""A ticket at a point of two axes: what counts, and the right answers where evidence is late."""

import pytest

from chronicle import utc
from docket_audit.point import NothingYet, Point, caveats, history_as_of, read_point
from docket_audit.replay import Replay, replay, replayed, rights
from docket_lifecycle.state.fold import fold
from docket_policies.views import clock_answer
from docket_simulation.simulator import written_out
from late_evidence import LATE_ANSWER, LATE_INFORMATION, NOW, TICKETS, history_of, instant

CASES = [
    pytest.param(name, as_of, known_at, id=f"{name}-as_of-{as_of}-known_at-{known_at}")
    for name, told in TICKETS.items()
    for as_of, known_at in told.answers
]


def at(name: str, as_of: str, known_at: str) -> Replay:
    history = history_of(TICKETS[name].story)
    point = Point(instant(as_of), instant(known_at))
    return replay(history[0].ticket_id, history, point, utc(NOW))


def closing_for_silence(seen: Replay) -> str:
    (close,) = (each for each in rights(seen)["agent"] if each.verb == "close")
    return "allowed" if "info_not_provided" in close.choices.get("reason", ()) else "refused"


@pytest.mark.parametrize(("name", "as_of", "known_at"), CASES)
def test_as_of_and_known_at_give_the_right_answer(name: str, as_of: str, known_at: str) -> None:
    """R-1.14, R-6.9-b, C-09: evidence that came late is seen from its own time only later."""
    seen = at(name, as_of, known_at)
    right = TICKETS[name].answers[as_of, known_at]

    told = {
        **written_out(clock_answer(seen.clock)),
        "waiting_for": seen.ticket.waiting_for,
        "close": closing_for_silence(seen),
    }
    assert {key: told[key] for key in right} == right


@pytest.mark.parametrize("name", TICKETS)
def test_the_present_point_is_the_present_state(name: str) -> None:
    history = history_of(TICKETS[name].story)
    seen = replay(history[0].ticket_id, history, Point(), utc(NOW))

    assert seen.ticket == fold(history[0].ticket_id, history)
    assert (seen.sight.ahead, seen.sight.unknown) == ((), ())


@pytest.mark.parametrize("name", TICKETS)
def test_a_version_is_the_ticket_as_it_was_decided_on(name: str) -> None:
    history = history_of(TICKETS[name].story)
    for version in range(1, len(history) + 1):
        seen = replay(history[0].ticket_id, history, Point(version), utc(NOW))
        assert seen.ticket == fold(history[0].ticket_id, history[:version])
        assert seen.sight.at == max(each.occurred_at for each in history[:version])


def test_what_is_left_out_is_told_on_each_axis() -> None:
    history = history_of(LATE_INFORMATION.story)
    point = Point(instant("2026-06-10T13:00:00Z"), instant("2026-06-12T08:00:00Z"))
    sight = history_as_of(history, point, utc(NOW))

    assert [each.version for each in sight.counted] == [1, 2, 3, 4]
    assert [each.type for each in sight.ahead] == ["InformationDeadlinePassed"]
    assert [each.type for each in sight.unknown] == ["InformationProvided"]


def test_with_late_evidence_the_version_is_that_of_the_last_event_that_counts() -> None:
    history = history_of(LATE_INFORMATION.story)
    seen = replayed(
        history[0].ticket_id,
        history_as_of(history, Point(instant("2026-06-10T13:00:00Z")), utc(NOW)),
    )

    assert [each.version for each in seen.sight.counted] == [1, 2, 3, 4, 6]
    assert seen.ticket.version == 6


def test_late_events_are_named() -> None:
    history = history_of(LATE_ANSWER.story)

    assert [each.version for each in history_as_of(history, Point(), utc(NOW)).late] == [5]
    assert history_as_of(history, Point(4), utc(NOW)).late == ()


def test_both_ends_are_inclusive() -> None:
    history = history_of(LATE_ANSWER.story)

    def counted(as_of: str, known_at: str) -> int:
        point = Point(instant(as_of), instant(known_at))
        return len(history_as_of(history, point, utc(NOW)).counted)

    assert counted("2026-06-09T16:00:01Z", "2026-06-09T16:00:01Z") == 4
    assert counted("2026-06-09T16:00:01Z", "2026-06-09T16:00:00Z") == 3
    assert counted("2026-06-09T16:00:00Z", "2026-06-09T16:00:01Z") == 3


def test_known_at_alone_asks_what_was_believed_of_that_moment() -> None:
    history = history_of(LATE_ANSWER.story)
    seen = replay(
        history[0].ticket_id, history, Point(None, instant("2026-06-09T17:00:00Z")), utc(NOW)
    )

    assert seen.sight.at == utc("2026-06-09T17:00:00")
    assert seen.clock.overdue


@pytest.mark.parametrize(
    ("point", "says"),
    [
        (Point(0), "no version 0"),
        (Point(99), "no version 99; it has 6"),
        (Point(instant("2026-06-08T08:59:59Z")), "nothing"),
        (Point(None, instant("2026-06-08T08:59:59Z")), "nothing"),
    ],
)
def test_before_its_creation_there_is_no_ticket(point: Point, says: str) -> None:
    history = history_of(LATE_ANSWER.story)

    with pytest.raises(NothingYet, match=says):
        replay(history[0].ticket_id, history, point, utc(NOW))


def test_what_happened_before_the_ticket_was_created_has_no_ticket_to_count_for() -> None:
    created, *rest = LATE_ANSWER.story
    story = [created, *rest]
    story[3] = type(created)(created.recorded, "2026-06-08T08:00:00", story[3].event)
    history = history_of(story)

    with pytest.raises(NothingYet, match="had not been created"):
        replay(history[0].ticket_id, history, Point(instant("2026-06-08T08:30:00Z")), utc(NOW))


def test_R_2_2_C_25_the_terms_are_those_of_the_creation() -> None:
    seen = at("late_answer", "2026-06-09T17:00:00Z", "2026-06-10T12:00:00Z")

    assert seen.terms.revision == seen.ticket.revision == "R-2025-03-27"


def test_R_1_2_each_side_has_its_own_rights() -> None:
    seen = at("late_answer", "2026-06-09T17:00:00Z", "2026-06-09T17:00:00Z")
    may = {
        side: {each.verb for each in verbs if each.allowed} for side, verbs in rights(seen).items()
    }

    assert "suspend" in may["customer"]
    assert "respond" in may["agent"]
    assert "respond" not in may["customer"]
    assert "suspend" not in may["agent"]


@pytest.mark.parametrize(
    ("as_of", "known_at", "query"),
    [
        ("", "", {}),
        (None, " 2026-06-11 ", {"known_at": "2026-06-11T00:00:00Z"}),
        ("v7", "", {"as_of": "7"}),
        (
            "2026-06-11T14:00:00.5+02:00",
            "2026-06-11T12:00:00.000001Z",
            {"as_of": "2026-06-11T12:00:00.500000Z", "known_at": "2026-06-11T12:00:00.000001Z"},
        ),
    ],
)
def test_a_point_is_read_as_people_write_it_and_has_one_name(
    as_of: str | None, known_at: str | None, query: dict[str, str]
) -> None:
    point = read_point(as_of, known_at)

    assert point.query == query
    assert read_point(query.get("as_of"), query.get("known_at")) == point


@pytest.mark.parametrize(
    ("as_of", "known_at", "says"),
    [
        ("yesterday", "", "'yesterday' is no instant: write .* or a version such as 17"),
        ("", "3", "'3' is no instant: write 2026"),
    ],
)
def test_what_names_no_point_is_answered_with_what_to_write(
    as_of: str, known_at: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        read_point(as_of, known_at)


@pytest.mark.parametrize(
    ("as_of", "known_at", "says"),
    [
        ("", "", ""),
        ("5", "2026-06-10T09:00:00Z", ""),
        ("6", "2026-06-10T09:00:00Z", "Version 6 was not written down by 2026-06-10T09:00:00Z:"),
        ("2026-06-15T12:00:00Z", "", ""),
        ("2026-06-15T12:00:01Z", "", "lies ahead: the answer holds if nothing happens"),
        ("", "2026-06-15T12:00:01Z", "rests on what is known by 2026-06-15T12:00:00Z"),
        ("", "2026-06-15T12:00:00Z", ""),
    ],
)
def test_where_the_answer_is_not_of_all_that_was_asked_it_says_so(
    as_of: str, known_at: str, says: str
) -> None:
    history, point = history_of(LATE_ANSWER.story), read_point(as_of, known_at)

    said = caveats(history_as_of(history, point, utc(NOW)), point, utc(NOW))

    assert [says in each for each in said] == ([True] if says else [])


def test_what_happens_later_than_it_was_written_down_is_asked_when_it_happens() -> None:
    story = list(LATE_ANSWER.story)
    story[3] = type(story[3])("2026-06-09T15:59:59", story[3].occurred, story[3].event)
    history, point = history_of(story), read_point("", "2026-06-09T15:59:59Z")

    sight = history_as_of(history, point, utc(NOW))

    assert sight.at == utc("2026-06-09T16:00:01")
    assert caveats(sight, point, utc(NOW)) == (
        "The last event happened later than that: clocks are asked 2026-06-09T16:00:01Z.",
    )
