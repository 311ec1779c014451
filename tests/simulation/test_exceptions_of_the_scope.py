"""Kinds of issue that are outside of the service unless a fact lets them in (I-4.4.1, I-5.5)."""

from typing import Any

import pytest
from asking import answers


def asked(ask: dict[str, Any]) -> dict[str, Any]:
    (one,) = answers({"id": "x", "pack": "I", "asks": [ask]})
    return one


@pytest.mark.parametrize(
    ("kind", "fact", "clause"),
    [
        ("channel_configuration", "reproduced_on_bench", "I-4.4.1"),
        ("database_advice", "web_interface_failed", "I-5.5"),
        ("design_consulting", "contract", "I-5.8.4"),
    ],
)
def test_I_4_4_1_I_5_5_the_fact_lets_the_kind_in(kind: str, fact: str, clause: str) -> None:
    question = {"ask": "eligibility", "kind": kind}

    without = asked(question)
    denied = asked({**question, fact: False})
    let_in = asked({**question, fact: True})

    assert [each["supported"] for each in (without, denied, let_in)] == [False, False, True]
    assert {each["clause"] for each in (without, denied, let_in)} == {clause}


def test_I_4_4_1_the_fact_of_another_kind_lets_nothing_in() -> None:
    told = asked({"ask": "eligibility", "kind": "channel_configuration", "contract": True})

    assert not told["supported"]
