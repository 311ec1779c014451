"""Commands asked from outside: the verdict of the lifecycle's rules, and what follows."""

from typing import Any, get_args

import pytest
from asking import CREATED, MONDAY, REGISTERED, answer, answers, event, line

from docket_lifecycle.commands import Command, verb_of
from docket_policies.terms.loader import policy

TEN = "2026-06-08T10:00:00Z"


def asked(command: str, actor: str, *events: dict[str, Any], **said: Any) -> Any:
    return answer("command", *events, command=command, actor=actor, **{"at": TEN, **said})


@pytest.mark.parametrize("verb", sorted(verb_of(kind) for kind in get_args(Command)))
def test_every_command_can_be_asked_by_its_verb_alone(verb: str) -> None:
    capability = policy("R", "R-2025-03-27").capabilities.get(verb)
    actor = "agent" if capability and "agent" in capability.actors else "user"

    told = asked(verb, actor)

    needs_more = {"prioritize", "schedule-operation", "set-deadline", "link-defect"}
    if verb in needs_more and "error" in told:
        assert told["error"] == "field_wrong"
        assert told["detail"].startswith(f"{verb}: ")
    else:
        assert isinstance(told["allowed"], bool)
        assert told["clause"]
        assert (told["code"] == "ok") is told["allowed"]


def test_a_command_that_is_allowed_tells_the_events_it_would_cause() -> None:
    told = asked("prioritize", "agent", data={"priority": "High", "reason": "a node is down"})

    assert told["allowed"]
    (caused,) = told["events"]
    assert caused["type"] == "PriorityChanged"
    reason = caused["data"].pop("reason")
    assert caused["data"] == {"to": "High", "from": "Low"}
    assert reason.keys() == {"id", "digest"}  # what is written stands beside the event


def test_texts_become_references_and_never_stand_in_an_event() -> None:
    told = asked("respond", "agent", data={"content": "secret of the user"})

    assert told["allowed"]
    assert "secret" not in str(told["events"])


def test_a_verb_may_be_written_with_dashes_or_underscores() -> None:
    dashes, underscores = (
        asked("declare-cause-unknown", "agent"),
        asked("declare_cause_unknown", "agent"),
    )

    assert dashes == underscores
    assert dashes["allowed"]


def test_a_question_without_a_history_is_about_a_ticket_just_created() -> None:
    suspend = {"ask": "command", "at": TEN, "command": "suspend", "actor": "user"}

    (told,) = answers(line(suspend, events=(), id="x") | {"events": []})

    assert told["allowed"]
    assert told["clause"] == "R-6.6-a"


def test_what_was_decided_earlier_counts_and_what_comes_later_does_not() -> None:
    suspended = event("2026-06-08T11:00:00Z", "TicketSuspended")

    assert asked("suspend", "user", suspended)["allowed"]
    assert asked("suspend", "user", suspended, at="2026-06-08T11:00:00Z")["code"] == (
        "already_suspended"
    )


def test_the_request_that_is_answered_is_the_last_one_unless_it_is_named() -> None:
    requests = (
        event(MONDAY, "InformationRequested", request="q1"),
        event(MONDAY, "InformationRequested", request="q2"),
    )

    last = asked("provide-information", "user", *requests)["events"]
    named = asked("provide-information", "user", *requests, data={"request": "q1"})["events"]

    assert [told["data"]["request"] for told in (*last, *named)] == ["q2", "q1"]


def test_a_split_and_a_merge_tell_the_events_of_every_ticket() -> None:
    split = asked("split", "agent", data={"reason": "two issues"})["events"]
    merge = asked("merge", "agent")["events"]

    assert [told["type"] for told in split] == ["TicketSplit", "TicketCreated", "SplitChildCreated"]
    assert [told["type"] for told in merge] == ["TicketsMerged", "MergedInto"]
    assert len({told["ticket"] for told in merge}) == 2


@pytest.mark.parametrize(
    ("command", "actor", "said", "error"),
    [
        ("dance", "agent", {}, "unknown_command"),
        ("suspend", "stranger", {}, "unknown_actor"),
        ("suspend", "user", {"data": 3}, "field_wrong"),
        ("prioritize", "agent", {"data": {"priority": "Urgent"}}, "field_wrong"),
        ("open-connection", "agent", {"data": {"consent": "a nod"}}, "field_wrong"),
    ],
)
def test_a_command_that_is_wrong_is_refused(
    command: str, actor: str, said: dict[str, Any], error: str
) -> None:
    assert asked(command, actor, **said)["error"] == error


def test_a_pack_that_counts_no_time_knows_commands_of_its_own_and_refuses_the_others() -> None:
    renew = {"command": "renew_ispmanager5", "at": "2021-06-01T00:00:00Z", "until": "2021-12-31"}

    (told,) = answers(line({"ask": "command", **renew}, pack="M", events=()))
    suspend = {"command": "suspend", "at": "2021-06-01T00:00:00Z"}
    (other,) = answers(line({"ask": "command", **suspend}, pack="M", events=()))

    assert told["allowed"]
    assert (other["code"], other["clause"]) == ("not_in_pack", "C-35")


@pytest.mark.parametrize("actor", ["partner", "sublicensee", "outsider"])
def test_I_1_4_whoever_is_not_the_user_is_refused_without_a_ground(actor: str) -> None:
    policy = {"product": "VMmanager 6", "service_level": "Standard"}
    ask = {"ask": "command", "command": "create", "actor": actor, "at": TEN}
    ask["data"] = {"priority": "High", "services_until": "2026-12-31"}

    (told,) = answers({"id": "x", "pack": "I", "policy": policy, "events": [], "asks": [ask]})

    assert (told["allowed"], told["code"]) == (False, "partner_not_entitled")
    assert told["clause"] == "I-1.4"


def test_I_3_2_b_a_refusal_to_inform_presupposes_a_request_unless_the_events_tell_of_none() -> None:
    ask = {"ask": "command", "command": "reject", "actor": "agent", "at": "2026-06-08T10:00:00Z"}
    ask["reason"] = "information_refused"
    policy = {"product": "VMmanager 6", "service_level": "Standard"}
    about = {"id": "x", "pack": "I", "policy": policy, "asks": [ask]}

    (untold,) = answers({**about, "events": []})
    (told,) = answers({**about, "events": [CREATED, REGISTERED]})

    assert (untold["allowed"], untold["clause"]) == (True, "I-3.2-b")
    assert (told["code"], told["clause"]) == ("no_information_requested", "I-3.2-b")


@pytest.mark.parametrize(
    ("data", "supported", "clause"),
    [
        ({}, "unknown", "R-3.2"),
        ({"eol_declared_at": "2026-06-08"}, False, "R-3.2.2"),
        ({"eol_declared_at": "2026-06-09"}, "unknown", "R-3.2"),
        ({"support_terminated_at": "2026-06-01", "kind": "vm_import"}, False, "R-9.4"),
        ({"kind": "vm_import"}, True, "R-A1-VM-1d"),
        ({"kind": "tariff_with_default_addons"}, False, "R-A1-BILL-1"),  # of another product
    ],
    ids=str,
)
def test_C_69_the_product_of_the_line_and_every_fact_told_decide_what_is_served(
    data: dict[str, Any], supported: object, clause: str
) -> None:
    create = {"ask": "command", "command": "create", "actor": "user", "at": MONDAY, "data": data}
    (told,) = answers(line(create, events=()))

    assert told["allowed"]
    assert (told["support"]["supported"], told["support"]["clause"]) == (supported, clause)
