"""What a ticket is and when its turn comes: pack H by what is down, packs R and I by criteria."""

from itertools import permutations
from typing import Any

import pytest

from docket_policies.eligibility.asks import ASKS
from docket_policies.eligibility.classification import telling_words
from docket_policies.eligibility.question import Unanswerable


def classified(pack: str, **asked: Any) -> Any:
    return ASKS["classification"]({"pack": pack, **asked})


@pytest.mark.parametrize(
    ("asked", "emergency", "rank", "ignored"),
    [
        ({"subject": "server down"}, True, "emergency", False),
        ({"subject": "Web: SERVER DOWN!", "component": "web server"}, True, "highest", False),
        ({"subject": "mail server down"}, True, "highest", False),
        ({"subject": "The WEB SERVER is down: server is down"}, True, "highest", False),
        ({"subject": "about the mail server"}, False, "ordinary", False),
        ({"subject": "mail server", "scope": "server"}, True, "highest", False),
        ({"subject": "emergency", "scope": "server"}, True, "emergency", False),
        ({"subject": "emergency"}, False, "ordinary", True),
        ({"subject": "server down", "scope": "individual account"}, False, "ordinary", False),
        ({"subject": "how to do a mail server downgrade"}, False, "ordinary", False),
        ({"subject": "observer downloads"}, False, "ordinary", False),
        ({"subject": "observer down"}, False, "ordinary", False),
        ({"subject": "server down, my webmail server too"}, True, "emergency", False),
        ({"subject": "nonemergency"}, False, "ordinary", False),
        ({"subject": "(mail  server down)"}, True, "highest", False),
        ({"subject": "a mailbox", "component": "mail server"}, False, "ordinary", False),
    ],
)
def test_H_policy_4_what_is_down_counts_and_not_what_the_subject_claims(
    asked: dict[str, str], emergency: bool, rank: str, ignored: bool
) -> None:
    answer = classified("H", **asked)
    assert (answer["emergency"], answer["rank"]) == (emergency, rank)
    assert answer["emergency_mark_ignored"] is ignored
    assert answer["clause"] == "H-policy-4"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("how to do a mail server downgrade", ("mail server",)),
        ("observer downloads", ()),
        ("Emergency: Mail Server down!", ("server down", "mail server", "emergency")),
    ],
)
def test_H_policy_4_only_whole_words_of_a_subject_tell(
    subject: str, words: tuple[str, ...]
) -> None:
    assert telling_words(subject) == words


IN_ORDER = [
    {"id": "a", "plan": "priority", "emergency": True},
    {"id": "b", "plan": "priority", "emergency": False},
    {"id": "c", "plan": "regular", "subject": "server down", "component": "mail server"},
    {"id": "d", "plan": "regular", "subject": "emergency", "scope": "individual account"},
]


@pytest.mark.parametrize(
    "tickets", list(permutations(IN_ORDER)), ids=lambda order: "".join(t["id"] for t in order)
)
def test_C_43_the_priority_plan_comes_first_then_regular_emergencies_then_the_rest(
    tickets: tuple[dict[str, Any], ...],
) -> None:
    assert ASKS["queue"]({"pack": "H", "tickets": tickets})["answer"] == ["a", "b", "c", "d"]


def test_H_policy_4_among_emergencies_of_a_plan_the_highest_comes_first() -> None:
    tickets = [
        {"id": "down", "plan": "regular", "subject": "server down"},
        {"id": "mail", "plan": "regular", "subject": "mail server down"},
        {"id": "said", "plan": "regular", "emergency": True},
        {"id": "paid", "plan": "priority", "subject": "a question"},
        {"id": "not", "plan": "regular", "emergency": False, "subject": "mail server down"},
    ]

    answer = ASKS["queue"]({"pack": "H", "tickets": tickets})["answer"]

    assert answer == ["paid", "mail", "down", "said", "not"]


def test_within_a_rank_the_earlier_ticket_comes_first() -> None:
    tickets = [
        {"id": "late", "plan": "Regular", "created_at": "2005-02-26T12:00:01Z"},
        {"id": "early", "plan": "Regular", "created_at": "2005-02-26T12:00:00Z"},
    ]
    assert ASKS["queue"]({"pack": "H", "tickets": tickets})["answer"] == ["early", "late"]
    with pytest.raises(Unanswerable, match="unknown_plan"):
        ASKS["queue"]({"pack": "H", "tickets": [{"id": "x", "plan": "golden"}]})


@pytest.mark.parametrize(
    ("pack", "criteria", "priority", "clause"),
    [
        ("R", [], "Low", "R-5.2-LO-G1"),
        ("R", ["R-5.2-ME-VM1", "R-5.2-HI-VM1"], "High", "R-5.2-HI-VM1"),
        ("R", ["R-5.2-HI-VM1", "R-5.2-EM-VM1"], "Emergency", "R-5.2-EM-VM1"),
        ("I", ["I-2.6-ME-BILL1", "I-2.6-HI-BILL1"], "High", "I-2.6-HI-BILL1"),
        ("I", [], "Low", "I-2.6-LO-G1"),
    ],
)
def test_C_37_the_highest_row_that_matches_wins(
    pack: str, criteria: list[str], priority: str, clause: str
) -> None:
    answer = classified(pack, criteria=criteria)
    assert (answer["priority"], answer["clause"]) == (priority, clause)


def test_a_criterion_belongs_to_its_pack_and_its_product() -> None:
    with pytest.raises(Unanswerable, match="unknown_criterion"):
        classified("R", criteria=["I-2.6-EM-G1"])
    with pytest.raises(Unanswerable, match="criterion_of_another_product"):
        classified("R", criteria=["R-5.2-EM-VM1"], product="BILLmanager 6")
    assert (
        classified("R", criteria=["R-5.2-EM-G1"], product="DNSmanager 6")["priority"] == "Emergency"
    )


def test_pack_M_sorts_by_nothing() -> None:
    with pytest.raises(Unanswerable, match="not_in_pack"):
        classified("M", subject="server down")
