"""One mistake in a good pack: it is refused with file, key and what to do, and nothing loads."""

from collections.abc import Callable
from re import MULTILINE, escape, finditer, search, sub

import pytest
from example_packs import NAMES, text_of

from docket_terms.pack_format import review

Mutation = Callable[[str], str]


def first(pattern: str, instead: str) -> Mutation:
    """Return the mutation that replaces the first match, and leaves a text without one alone."""
    return lambda text: sub(pattern, instead, text, count=1, flags=MULTILINE)


def last(pattern: str, instead: str) -> Mutation:
    """Return the mutation that replaces the last match."""

    def mutate(text: str) -> str:
        begins = [found.start() for found in finditer(pattern, text, MULTILINE)]
        if not begins:
            return text
        return text[: begins[-1]] + sub(
            pattern, instead, text[begins[-1] :], count=1, flags=MULTILINE
        )

    return mutate


def twice(text: str) -> str:
    """Let the first row of the targets stand twice."""
    found = search(r"^    \{.*amount.*\},$", text, MULTILINE)
    assert found is not None
    return text.replace(found[0], f"{found[0]}\n{found[0]}", 1)


MUTATIONS: dict[str, tuple[Mutation, str]] = {
    "no edition": (first(r"^edition = .*$", ""), "is missing"),
    "an instant without a zone": (first(r"(effective_from = \S+)Z", r"\1"), "no zone"),
    "an unknown key at the top": (first(r"^title = ", 'colour = "red"\ntitle = '), "is unknown"),
    "an empty sentence of a clause": (first(r'^(\S+-1) = ".*"$', r'\1 = ""'), "sentence"),
    "a clause without a rule": (
        first(r"^\[clauses\]$", '[clauses]\nZZ-9 = "Said."'),
        "no rule rests",
    ),
    "a note that is no clause": (first(r'^notes = \["', 'notes = ["ZZ-8", "'), "is no clause"),
    "a misspelt key of a fact": (first(r"^values = ", "vlaues = "), "list what it may be"),
    "a value that stands twice": (
        first(r'^values = \["([^"]+)"', r'values = ["\1", "\1"'),
        "twice",
    ),
    "an initial value that is none": (
        first(r'^initial = ".*"$', 'initial = "nothing"'),
        "no value",
    ),
    "a moment that is none": (first(r'^starts = \["', 'starts = ["what ever?", "'), "is no moment"),
    "a clock that nothing starts": (first(r"^starts = .*$", "starts = []"), "starts"),
    "a misspelt key of a clock": (first(r"^owes = ", "ows = "), "is missing"),
    "an unknown key of a clock": (
        first(r'^owes = (".*")$', r"owes = \1\npause = []"),
        "is unknown",
    ),
    "a clause that is none": (
        last(r'^clause = ".*"$', 'clause = "ZZ-7"'),
        "no clause of this pack",
    ),
    "an amount that is none": (first(r'amount = "[^"]+"', 'amount = "soon"'), "is no amount"),
    "an amount of nothing": (first(r'amount = "\d+', 'amount = "0'), "more than none"),
    "a calendar that is none": (first(r'in = "\w+"', 'in = "somewhere"'), "no calendar"),
    "a row that is missing": (last(r"^    \{.*(amount = |none = true).*\},$\n", ""), "no row says"),
    "a row that stands twice": (twice, "both hold"),
    "a zone that is none": (first(r'^timezone = ".*"$', 'timezone = "Nowhere/City"'), "is unknown"),
    "a weekday that is none": (first(r"\{ mon = ", "{ monday = "), "weekdays are"),
    "a table that is none": (first(r"^targets = \[$", "target = ["), "say what is promised"),
    "an unknown word for the last instant": (
        first(r"^owes = (.*)$", r'owes = \1\nlast = "maybe"'),
        "no word",
    ),
    "a change of a fact that no target names": (
        first(r"^owes = (.*)$", r"owes = \1\nless = 'nothing'"),
        "no other clock",
    ),
    "no TOML": (first(r"^pack = ", "pack == "), "no TOML"),
}


PLACES = [
    (name, mistake)
    for name in NAMES
    for mistake, (mutate, _) in MUTATIONS.items()
    if mutate(text_of(name)) != text_of(name)
]


def test_more_than_a_hundred_packs_are_broken() -> None:
    assert len(PLACES) > 100
    assert {mistake for _, mistake in PLACES} == {*MUTATIONS}


@pytest.mark.parametrize(("name", "mistake"), PLACES)
def test_a_pack_with_one_mistake_is_refused(name: str, mistake: str) -> None:
    mutate, remedy = MUTATIONS[mistake]

    pack, faults = review(mutate(text_of(name)), "mine/pack.toml")

    assert pack is None
    told = [str(fault) for fault in faults]
    assert all(fault.startswith("mine/pack.toml: ") for fault in told)
    assert all(search(r"^mine/pack\.toml: \S+: .+", fault) for fault in told)
    assert any(search(escape(remedy), fault) for fault in told), told


def test_all_mistakes_of_a_stage_are_told_at_once() -> None:
    text = text_of("update-cadence")
    text = text.replace('in = "in_hours"', 'in = "nowhere"').replace('last = "in"', "")

    _, faults = review(text, "mine/pack.toml")

    assert [fault.key.split(".")[1] for fault in faults] == ["first_response", "update"]
