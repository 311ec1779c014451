"""Versions and their order, and the windows of releases around a ticket's day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from given import BILL, GIVEN, SCENARIOS, question
from hypothesis import given as drawn
from hypothesis import strategies as st

from docket_policies.eligibility.asks import ASKS
from docket_policies.eligibility.editions import editions_of
from docket_policies.eligibility.question import Question
from docket_policies.eligibility.releases import read_version
from docket_policies.eligibility.versions import (
    LatestStable,
    UpdatesUntil,
    Versions,
    version_finding,
    versions_of,
)


def eligible(**asked: Any) -> Any:
    return ASKS["eligibility"](asked)


def windows_of(letter: str) -> Versions:
    versions = versions_of(editions_of(letter)[-1])
    assert versions is not None
    return versions


def test_H_range_1_two_ten_is_later_than_two_four_and_a_beta_earlier_than_its_version() -> None:
    told = ["2.3", "2.4b", "2.4", "2.4.1", "2.10", "6.92 beta", "6.92"]
    assert sorted(map(read_version, reversed(told))) == [read_version(text) for text in told]
    assert read_version("2.4.0") == read_version("2.4")


def test_C_27_the_cutoff_is_clamped_to_the_last_day_of_a_shorter_month() -> None:
    releases = {"2026.01": "2026-01-20", "2026.02": "2026-02-28", "2026.03": "2026-03-01"}
    answer = eligible(
        pack="R",
        product="DCImanager 6",
        ticket_date="2026-04-30",
        releases=releases,
        installed="2026.02",
    )
    assert answer["cutoff"] == "2026-02-28"
    assert answer["supported"] is True


@pytest.mark.parametrize("number", range(3))
def test_C_27_the_other_reading_asks_for_a_young_update(number: int) -> None:
    expected = SCENARIOS["R-058"]["alternatives"][number]
    versions = windows_of("R")
    window = versions.windows["VMmanager 6"]
    assert isinstance(window, UpdatesUntil)
    other = {**versions.windows, "VMmanager 6": replace(window, read="issued_since")}
    finding = version_finding(Question(question("R-058", number)), replace(versions, windows=other))
    assert finding is not None
    assert finding.supported is expected["value"]


def test_C_28_the_other_reading_of_pack_I_knows_only_the_newest_as_current() -> None:
    (expected,) = SCENARIOS["I-024"]["alternatives"]
    versions = windows_of("I")
    window = versions.windows["BILLmanager 6"]
    assert isinstance(window, LatestStable)
    other = {**versions.windows, "BILLmanager 6": replace(window, stable=1)}
    asked = Question({"installed": "6.91", "product": "BILLmanager 6", **GIVEN["I-024"]})
    finding = version_finding(asked, replace(versions, windows=other))
    assert finding is not None
    assert finding.supported is expected["value"]


@pytest.mark.parametrize(
    ("installed", "supported"), [("6.50", False), ("6.51", True), ("6.52", True), ("6.53", False)]
)
def test_R_3_2_2_c_the_last_two_minor_versions_of_dns(installed: str, supported: bool) -> None:
    releases = [
        {"version": "6.50", "released": "2026-01-15"},
        {"version": "6.51", "released": "2026-03-15"},
        {"version": "6.52", "released": "2026-05-15"},
        {"version": "6.53", "released": "2026-06-11"},
    ]
    answer = eligible(
        pack="R",
        product="DNSmanager 6",
        ticket_date="2026-06-10",
        releases=releases,
        installed=installed,
    )
    assert (answer["supported"], answer["clause"]) == (supported, "R-3.2.2-c")


def test_I_8_5_a_current_version_gets_every_kind_and_an_outdated_one_only_what_exists() -> None:
    asked = {
        "pack": "I",
        "product": "BILLmanager 6",
        "ticket_date": "2026-06-10",
        "releases": BILL,
    }
    for kind in ("bug_fix", "vulnerability", "proposal", "operability_consultation"):
        current = eligible(**asked, installed="6.93", kind=kind)
        assert (current["supported"], current["clause"]) == (True, "I-8.5-UP")
        outdated = eligible(**asked, installed="6.89", kind=kind)
        assert (outdated["supported"], outdated["phase"]) == (False, "outdated")
    assert eligible(**asked, phase="outdated", kind="known_solution")["clause"] == "I-8.3"


@pytest.mark.parametrize(
    ("asked", "supported", "clause"),
    [
        ({"product": "ISPmanager 5", "license_until": "2021-12-31"}, True, "M-eol-sup5"),
        ({"product": "ISPmanager 5", "license_until": "2021-06-24"}, False, "M-eol-sup5"),
        ({"product": "ISPmanager 5"}, False, "M-eol-sup5"),
        ({"product": "ISPmanager 3"}, False, "M-sup-old"),
        ({"product": "ISPmanager 4"}, False, "M-sup-old"),
        ({"installed": "6.2"}, True, "M-sup-ver"),
        ({"installed": "6.1b"}, False, "M-sup-ver"),
        ({"installed": "6.2", "os": "Debian 10", "edition": "Lite"}, True, "M-sup-1"),
        ({"installed": "6.0", "os": "Debian 10", "edition": "Lite"}, False, "M-sup-ver"),
        ({"installed": "6.2", "os": "Debian 10", "edition": "Business"}, False, "M-sup-os"),
    ],
)
def test_C_45_who_is_supported_under_pack_M(
    asked: dict[str, Any], supported: bool, clause: str
) -> None:
    releases = {"6.0": "2021-04-14", "6.1b": "2021-05-01", "6.1": "2021-05-20", "6.2": "2021-06-20"}
    answer = eligible(pack="M", ticket_date="2021-06-25", releases=releases, **asked)
    assert (answer["supported"], answer["clause"]) == (supported, clause)
    kind = "LTS" if supported and asked.get("product") == "ISPmanager 5" else None
    assert answer.get("support_kind") == kind


FIRST = date(2026, 1, 1)


@drawn(
    days=st.lists(st.integers(0, 300), min_size=3, max_size=12, unique=True),
    betas=st.lists(st.booleans(), min_size=12, max_size=12),
    on=st.integers(0, 400),
)
def test_a_window_holds_two_stable_versions_and_nothing_from_the_future(
    days: list[int], betas: list[bool], on: int
) -> None:
    """Versions come out in order; the window is what a reader of the list would tick by hand."""
    known = sorted(days)
    told = [
        {
            "version": f"6.{number}",
            "released": str(FIRST + timedelta(days=day)),
            "channel": "beta" if betas[number] else "stable",
        }
        for number, day in enumerate(known)
    ]
    supported = {
        number
        for number in range(len(known))
        if eligible(
            pack="R",
            product="BILLmanager 6",
            ticket_date=str(FIRST + timedelta(days=on)),
            releases=told,
            installed=f"6.{number}",
        )["supported"]
    }
    out = [number for number, day in enumerate(known) if day <= on]
    ticked = [number for number in out if not betas[number]][-2:]
    oldest = ticked[0] if ticked else len(known)
    assert supported == {*ticked, *(n for n in out if betas[n] and n > oldest)}
