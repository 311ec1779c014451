"""What each ask of the contract answers, beyond the scenarios."""

import pytest
from asking import MONDAY, answer, answers, event, line

from docket_simulation.simulator import OF_A_CALENDAR, OF_A_CASE

CONTRACT = {
    "response_clock",
    "addressing_time",
    "command",
    "timers",
    "closed_at",
    "objection_window_ends_exclusive",
    "info_deadline_last_valid_instant",
    "eligibility",
    "pack",
    "revision",
    "support_window",
    "service_months_to_buy",
    "standard_term_months",
    "missed_period",
    "classification",
    "queue",
    "working_time_add",
    "working_time_between",
}

CLOSED = (
    event("2026-06-09T18:00:00Z", "ClosureDecided", reason="out_of_scope"),
    event("2026-06-09T18:03:00Z", "ClosureNoticeSent"),
)


@pytest.mark.parametrize("ask", sorted(CONTRACT))
def test_every_ask_of_the_contract_is_known(ask: str) -> None:
    (one,) = answers(line({"ask": ask}))

    assert one.get("error") != "unknown_ask"


def test_an_unknown_ask_is_told_what_there_is() -> None:
    told = answer("weather")

    assert told["error"] == "unknown_ask"
    for ask in {"command", *OF_A_CASE, *OF_A_CALENDAR}:
        assert ask in told["detail"]


def test_an_answer_that_cannot_be_given_leaves_the_others_as_they_are() -> None:
    first, wrong, last = answers(
        line(
            {"ask": "response_clock", "at": MONDAY},
            {"ask": "response_clock", "at": "yesterday"},
            {"ask": "closed_at", "at": MONDAY},
        )
    )

    assert first["clock_state"] == "running"
    assert wrong["error"] == "field_wrong"
    assert last == {"answer": None}


def test_addressing_time_leaves_out_the_waits() -> None:
    waited = (
        event("2026-06-08T11:00:00Z", "ThirdPartyWaitStarted"),
        event("2026-06-08T13:00:00Z", "ThirdPartyResponseReceived"),
    )

    assert answer("addressing_time", *waited, at="2026-06-08T15:00:00Z") == {
        "wall_s": 4 * 3600,
        "working_s": 4 * 3600,
    }


def test_timers_are_those_armed_by_what_has_happened_until_then() -> None:
    asked = event("2026-06-08T10:00:00Z", "InformationRequested")

    before = answer("timers", asked, at=MONDAY)["answer"]
    after = answer("timers", asked, at="2026-06-08T10:00:00Z")["answer"]

    assert [timer["name"] for timer in before] == ["ResponseDueSoon", "ResponseOverdue"]
    assert [(timer["name"], timer["fires_at"], timer["clause"]) for timer in after] == [
        ("InformationDeadlinePassed", "2026-06-11T10:00:01Z", "R-6.9-b")
    ]
    assert answer("timer", asked, name="InformationDeadlinePassed")["fires_at"] == (
        "2026-06-11T10:00:01Z"
    )
    assert answer("timer", asked, name="ClosureBecameFinal") == {"answer": None}


def test_a_closing_is_there_from_its_notice_until_an_objection_is_accepted() -> None:
    objected = event("2026-06-10T10:00:00Z", "ObjectionAccepted")

    assert answer("closed_at", *CLOSED, at="2026-06-09T18:02:59Z") == {"answer": None}
    assert answer("closed_at", *CLOSED) == {"answer": "2026-06-09T18:03:00Z"}
    assert answer("closed_at", *CLOSED, objected) == {"answer": None}
    assert answer("objection_window_ends_exclusive", *CLOSED, objected) == {
        "answer": "2026-06-15T00:00:00Z"
    }
    assert answer("objection_window_ends_exclusive") == {"answer": None}


def test_the_deadline_of_a_request_is_that_of_the_one_named() -> None:
    asked = (
        event("2026-06-08T10:00:00Z", "InformationRequested", request="q1"),
        event("2026-06-08T11:00:00Z", "InformationRequested", request="q2"),
    )
    ask = "info_deadline_last_valid_instant"

    assert answer(ask, *asked) == {"answer": "2026-06-11T11:00:00Z"}
    assert answer(ask, *asked, request="q1") == {"answer": "2026-06-11T10:00:00Z"}
    assert answer(ask, *asked, request="q3")["error"] == "no_information_requested"
    assert answer(ask)["error"] == "no_information_requested"


def test_a_special_condition_and_another_reading_are_policy_of_the_question() -> None:
    agreed = {"special_conditions": {"Low": {"hours": 4, "calendar": "ALWAYS"}}}
    escalated = event("2026-06-08T10:00:00Z", "PriorityChanged", to="High")
    restart = {"readings": {"priority": "restart"}}

    assert answer("response_clock", policy=agreed)["deadline"] == "2026-06-08T13:00:00Z"
    assert answer("response_clock", escalated)["consumed_s"] == 3600
    assert answer("response_clock", escalated, policy=restart)["consumed_s"] == 0


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ({"special_conditions": {"Low": {"hours": 0}}}, "special_conditions_wrong"),
        ({"special_conditions": {"Low": 4}}, "special_conditions_wrong"),
        ({"special_conditions": {"Urgent": {"hours": 1}}}, "special_conditions_wrong"),
        ({"special_conditions": "none"}, "field_wrong"),
        ({"readings": {"priority": "never"}}, "unknown_reading"),
        ({"readings": {"weather": "wet"}}, "unknown_reading"),
        ({"revision": "R-1999"}, "unknown_pack"),
    ],
)
def test_a_policy_that_is_wrong_is_refused(policy: dict[str, object], error: str) -> None:
    assert answer("response_clock", policy=policy)["error"] == error


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"pack": "Z"}, "unknown_pack"),
        ({"pack": "I", "policy": {"product": "Abacus"}}, "unknown_offer"),
        ({"pack": "I", "policy": {}}, "field_missing"),
        ({"events": [{"at": MONDAY, "type": "Nothing"}]}, "unknown_event"),
        ({"events": [{"at": MONDAY}]}, "field_missing"),
        ({"events": [{"at": MONDAY, "type": "PriorityChanged"}]}, "event_wrong"),
        ({"events": [{"at": "1500-01-01T00:00:00Z", "type": "TicketCreated"}]}, "event_wrong"),
        ({"events": [3]}, "event_wrong"),
        ({"events": 3}, "field_wrong"),
        ({"events": []}, "field_missing"),
    ],
)
def test_a_question_that_is_wrong_is_refused(said: dict[str, object], error: str) -> None:
    (one,) = answers({**line({"ask": "response_clock"}), **said})

    assert one["error"] == error


def test_the_event_that_is_wrong_is_named_by_its_number() -> None:
    wrong = event(MONDAY, "PriorityChanged", to="Urgent")

    assert answer("response_clock", wrong)["detail"].startswith("events[3]: PriorityChanged")


def test_before_its_creation_a_ticket_has_no_clock_and_takes_no_command() -> None:
    earlier = "2026-06-08T08:59:59Z"

    assert answer("response_clock", at=earlier)["clock_state"] == "not_started"
    assert answer("timers", at=earlier) == {"answer": []}
    assert answer("state", at=earlier)["error"] == "not_created"
    suspended = answer("command", at=earlier, command="suspend", actor="user")
    assert suspended["error"] == "not_created"


def test_a_history_without_a_creation_begins_with_its_first_event() -> None:
    told = [
        event("2026-06-08T10:00:00Z", "PriorityChanged", to="High"),
        event("2026-06-08T11:00:00Z", "RegistrationNoticeSent"),
    ]
    asks = ({"ask": "response_clock"}, {"ask": "state"})
    clock, state = answers({**line(*asks), "events": told})

    assert clock["deadline"] == "2026-06-09T18:00:00Z"
    assert (state["priority"], state["version"]) == ("High", 3)


def test_a_question_without_events_has_a_clock_that_has_not_started() -> None:
    (clock,) = answers({**line({"ask": "response_clock", "at": MONDAY}), "events": []})

    assert (clock["clock_state"], clock["deadline"], clock["turns"]) == ("not_started", None, [])
