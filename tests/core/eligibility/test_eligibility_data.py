"""The data of eligibility: its examples hold, its rows name clauses, what is wrong is refused."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from docket_policies.eligibility.asks import ASKS, COMMANDS
from docket_policies.eligibility.choice_of_pack import rows
from docket_policies.eligibility.scope import read_scope
from docket_policies.eligibility.versions import read_versions, versions_of
from docket_policies.terms.editions import (
    Edition,
    all_editions,
    data_of,
    editions_of,
    files_beside,
    refuse_unless_earlier,
    with_examples,
)
from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import BadPack

PACKS = files("docket_policies") / "packs"

WITH_DATA = [e for e in all_editions() if (PACKS / e.pack / e.revision).is_dir()]


def tables(edition: Edition) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in (PACKS / edition.pack / edition.revision).iterdir():
        yield entry.name, tomllib.loads(entry.read_text(encoding="utf-8"))


def sentences(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield every table that says something."""
    if isinstance(value, Mapping):
        if "says" in value:
            yield value
        for inner in value.values():
            yield from sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner)


def versions() -> list[Any]:
    found = []
    for edition in WITH_DATA:
        told = versions_of(edition)
        for product, examples in (told.examples if told else {}).items():
            for number, example in enumerate(examples):
                name = f"{edition.revision}-{product}-{number}"
                found.append(pytest.param(edition, product, example, id=name))
    return found


@pytest.mark.parametrize(("edition", "product", "example"), versions())
def test_C_28_the_examples_of_a_window_of_versions_hold(
    edition: Edition, product: str, example: Mapping[str, Any]
) -> None:
    asked = {
        "pack": edition.letter,
        "product": product,
        "revision": edition.revision,
        "ticket_date": example["on"],
        "releases": example["releases"],
    }
    for supported in (True, False):
        for installed in example["supported" if supported else "refused"]:
            answer = ASKS["eligibility"]({**asked, "installed": installed})
            assert answer["supported"] is supported, installed


def examples() -> list[Any]:
    return [
        pytest.param(
            edition, example, id=f"{edition.revision}-{file.removesuffix('.toml')}-{number}"
        )
        for edition in WITH_DATA
        for file, data in tables(edition)
        for number, example in enumerate(data.get("examples", ()))
    ]


@pytest.mark.parametrize(("edition", "example"), examples())
def test_every_example_of_the_data_is_answered_as_it_says(
    edition: Edition, example: Mapping[str, Any]
) -> None:
    name = example["ask"]
    asked = {key: value for key, value in example.items() if key not in ("ask", "expect")}
    about = {"pack": edition.letter, "revision": edition.revision}
    answer = {**ASKS, **COMMANDS}[name]({**about, **asked})
    assert {key: answer[key] for key in example["expect"]} == example["expect"]


def test_what_an_edition_leaves_as_it_was_is_that_of_the_earlier_one_it_names() -> None:
    earlier = editions_of("R")[0]
    later = replace(earlier, revision="R-2030-01-01", eligibility=earlier.revision)
    alone = replace(later, eligibility=None)

    assert files_beside(later) == files_beside(earlier) != ()
    assert files_beside(alone) == ()
    assert data_of(alone, "scope") is None
    assert data_of(later, "scope") is not None


def test_an_edition_names_an_earlier_one_of_its_own_pack() -> None:
    earlier = editions_of("R")[0]
    later = replace(earlier, revision="R-2030-01-01", eligibility=earlier.revision)

    refuse_unless_earlier(later, [earlier])
    for before in ([], [replace(earlier, pack="infrastructure")]):
        with pytest.raises(BadPack, match=r"R-2030-01-01\.toml: eligibility: .* there is none"):
            refuse_unless_earlier(later, before)


def test_a_thing_without_an_example_is_refused() -> None:
    with pytest.raises(BadPack, match=r"amendment\.toml: examples: a rule needs an example"):
        with_examples(parse('days = 10\nclause = "X-1"\nsays = "Ten."', "amendment.toml"))


@pytest.mark.parametrize("edition", WITH_DATA, ids=lambda edition: edition.revision)
def test_every_sentence_of_the_data_stands_on_a_clause_of_its_pack(edition: Edition) -> None:
    said = 0
    for file, data in tables(edition):
        for row in sentences(data.get("criteria", data) if "criteria" in data else data):
            said += 1
            if file == "criteria.toml":
                continue  # named by the clause itself, checked below
            assert row["clause"].startswith(f"{edition.letter}-"), (file, row)
            assert row["says"].endswith("."), (file, row)
    assert said > 10
    for _, data in tables(edition):
        for clause, row in data.get("criteria", {}).items():
            assert clause.startswith(f"{edition.letter}-")
            assert row["says"].endswith(".")


def test_C_26_the_last_row_of_the_choice_fits_every_license() -> None:
    last = rows()[-1]
    assert (last.pack, last.products, last.unless) == (None, {}, frozenset())
    assert (last.names_level, last.on_certificate) == (False, False)


WINDOW = """
[windows.Thing]
rule = "latest_stable"
stable = 2
betas = true
clause = "X-1"
says = "Two."
examples = [{ on = 2026-01-01, releases = {}, supported = [], refused = ["1.0"] }]
"""

CUTOFF = """
[windows.Thing]
rule = "updates_until"
months = 2
read = "installed_up_to"
clause = "X-1"
says = "Two months."
examples = [{ on = 2026-01-01, releases = {}, supported = [], refused = [] }]
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "key", "said"),
    [
        (WINDOW, 'clause = "X-1"\n', "", "windows.Thing.clause", "is missing"),
        (WINDOW, 'says = "Two."\n', "", "windows.Thing.says", "is missing"),
        (WINDOW, "stable = 2", "stable = 0", "windows.Thing.stable", "a number above 0"),
        (WINDOW, "stable = 2", "stable = 2.5", "windows.Thing.stable", "a whole number"),
        (WINDOW, '"latest_stable"', '"newest"', "windows.Thing.rule", "latest_stable or lowest"),
        (WINDOW, "betas = true", "betas = true\nbeta = 1", "windows.Thing.beta", "is unknown"),
        (WINDOW, "examples = [", "exemples = [", "windows.Thing.examples", "needs an example"),
        (CUTOFF, '"installed_up_to"', '"either"', "windows.Thing.read", "C-27 is read as one of"),
        (CUTOFF, "months = 2", "months = -2", "windows.Thing.months", "a number above 0"),
        (WINDOW, "[windows.Thing]", "[windows.Thing", "file", "line"),
    ],
)
def test_a_wrong_window_is_refused_with_file_key_and_what_to_do(
    text: str, old: str, new: str, key: str, said: str
) -> None:
    assert old in text
    with pytest.raises(BadPack) as wrong:
        read_versions(parse(text.replace(old, new), "versions.toml"))
    assert (wrong.value.file, wrong.value.key) == ("versions.toml", key)
    assert said in wrong.value.problem


def test_a_kind_of_issue_stands_inside_or_outside_and_not_in_both() -> None:
    text = """
    [inside]
    advice = { clause = "X-1", says = "Advice." }
    [outside]
    advice = { clause = "X-2", says = "Advice." }
    """
    with pytest.raises(BadPack, match="a kind is inside or outside"):
        read_scope(parse(text, "scope.toml"))
    with pytest.raises(BadPack, match=r"inside\.advice\.clause: is missing"):
        read_scope(parse(text.replace('clause = "X-1", ', ""), "scope.toml"))
