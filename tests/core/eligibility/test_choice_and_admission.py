"""Which terms govern, who may open a ticket, and through which channel (C-26, C-29)."""

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from docket_policies.eligibility.asks import ASKS, COMMANDS
from docket_policies.eligibility.question import Unanswerable

EDITIONS = ["Infrastructure", "Hosting", "Hosting & Cloud", "Hosting&Cloud", "Enterprise", "SE"]
PRODUCTS = ["VMmanager 6", "DCImanager 6", "BILLmanager 6", "DNSmanager 6"]


def governs(product: str, edition: str | None, **more: Any) -> Any:
    return ASKS["pack"]({"product": product, "edition": edition, **more})


@pytest.mark.parametrize("edition", ["Hosting & Cloud", "Hosting&Cloud"])
def test_C_26_an_edition_is_the_same_with_and_without_spaces(edition: str) -> None:
    assert governs("BILLmanager 6", edition, level="Standard")["pack"] == "I"


def test_C_26_a_certificate_without_a_level_is_standard_and_says_so() -> None:
    answer = governs("DNSmanager 6", "Infrastructure", direct=True, certificate=True)
    assert (answer["pack"], answer["level"], answer["level_assumed"]) == ("I", "Standard", True)
    assert "level" not in governs("DNSmanager 6", "Infrastructure", level="Privilege")


def test_C_26_a_product_may_name_its_edition_and_the_edition_told_apart_counts() -> None:
    assert governs("VMmanager 6 Infrastructure", None, level="Standard")["pack"] == "I"
    assert governs("ISPmanager 6 Business", "Business")["pack"] == "M"
    assert governs("VMmanager 6 Infrastructure", "Hosting", direct=True)["pack"] == "R"


@pytest.mark.parametrize(
    ("asked", "clause"),
    [
        ({"product": "ISPmanager 6 Business", "os": "Debian 10"}, "M-sup-os"),
        ({"product": "ISPmanager 5 Lite"}, "M-eol-sup5"),
        ({"product": "ISPmanager 3 Pro"}, "M-sup-old"),
    ],
)
def test_M_sup_1_a_product_that_names_its_edition_is_judged_as_its_product(
    asked: dict[str, str], clause: str
) -> None:
    answer = ASKS["eligibility"]({"pack": "M", "ticket_date": "2021-06-25", **asked})
    assert (answer["supported"], answer["clause"]) == (False, clause)
    inactive = {"pack": "M", "product": "ISPmanager 6 Pro", "license_active": False}
    assert COMMANDS["create"](inactive)["code"] == "license_inactive"


def test_C_26_an_unknown_product_is_under_no_terms() -> None:
    assert governs("Spreadsheet", "", direct=True)["pack"] is None


@drawn(
    product=st.sampled_from(PRODUCTS),
    edition=st.sampled_from(EDITIONS),
    level=st.sampled_from([None, "Standard", "Privilege"]),
    direct=st.booleans(),
    certificate=st.booleans(),
)
def test_C_26_a_level_never_takes_a_license_away_from_its_terms(
    product: str, edition: str, level: str | None, direct: bool, certificate: bool
) -> None:
    """A license governed without a level stays governed with one; buying directly only helps."""
    asked = {"direct": direct, "certificate": certificate}
    without, named = (
        governs(product, edition, **asked),
        governs(product, edition, level=level, **asked),
    )
    assert without["pack"] is None or named["pack"] is not None
    if named["pack"] is not None:
        asked["direct"] = True
        assert governs(product, edition, level=level, **asked)["pack"] is not None
    assert named["clauses"]


@pytest.mark.parametrize(
    ("pack", "actor", "allowed", "clause"),
    [
        ("R", "user", True, "R-0.rev"),
        ("R", "sublicensee", False, "R-3.3"),
        ("R", "partner", False, "R-3.3"),
        ("I", "user", True, "I-0.rev"),
        ("I", "partner", False, "I-1.4"),
        ("I", "sublicensee", False, "I-1.4"),
        ("I", "outsider", False, "I-1.4"),
        ("H", "user", True, "H-0.title"),
        ("M", "user", True, "M-0.title"),
    ],
)
def test_C_29_who_asks_is_judged_by_each_pack_in_its_own_way(
    pack: str, actor: str, allowed: bool, clause: str
) -> None:
    verdict = COMMANDS["create"]({"pack": pack, "actor": actor, "at": "2026-06-08T10:00:00Z"})
    assert (verdict["allowed"], verdict["clause"]) == (allowed, clause)


def test_R_4_2_c_a_mail_from_the_contact_address_is_taken() -> None:
    asked = {"pack": "R", "channel": "email", "at": "2026-06-08T10:00:00Z"}
    assert COMMANDS["create"]({**asked, "sender_is_contact": True})["allowed"] is True
    assert COMMANDS["create"](asked)["code"] == "email_not_contact_address"
    assert COMMANDS["create"]({**asked, "pack": "I"})["allowed"] is True


def test_a_restriction_outranks_a_good_license() -> None:
    asked = {
        "pack": "R",
        "at": "2026-06-08T10:00:00Z",
        "license_until": "2030-01-01",
        "data": {"restricted_until": "2026-06-08T10:00:01Z"},
    }
    assert COMMANDS["create"](asked)["code"] == "access_restricted"
    asked["data"] = {"restricted_until": "2026-06-08T10:00:00Z"}
    assert COMMANDS["create"](asked)["clause"] == "R-3.2.3"


@pytest.mark.parametrize(
    ("pack", "asked", "supported", "clause"),
    [
        ("R", {"license_until": "2026-06-08"}, True, "R-3.2.3"),
        ("R", {"license_until": "2026-06-07"}, False, "R-3.2.3"),
        ("R", {"eol_declared_at": "2026-06-08"}, False, "R-3.2.2"),
        ("R", {"eol_declared_at": "2026-06-09"}, True, "R-3.2.2"),
        ("R", {"configuration_changed_by": "user"}, False, "R-3.2.1"),
        ("R", {"configuration_changed_by": "provider"}, True, "R-3.2.1"),
        ("R", {"kind": "training"}, False, "R-A1-2.1.2-i"),
        ("R", {"kind": "product_update"}, True, "R-A1-ALL-3"),
        ("R", {"kind": "vm_import", "product": "BILLmanager 6"}, False, "R-A1-VM-1d"),
        ("I", {"services_until": "2026-06-08"}, True, "I-1.2"),
        ("I", {"services_until": "2026-06-07"}, False, "I-3.8-a"),
        ("I", {"kind": "design_consulting"}, False, "I-5.8.4"),
        ("I", {"kind": "design_consulting", "contract": True}, True, "I-5.8.4"),
        ("H", {"kind": "upgrade"}, False, "H-range-3b"),
        ("H", {"kind": "upgrade", "registered": True}, True, "H-range-3b"),
    ],
)
def test_what_is_inside_of_support(
    pack: str, asked: dict[str, Any], supported: bool, clause: str
) -> None:
    answer = ASKS["eligibility"]({"pack": pack, "ticket_date": "2026-06-08", **asked})
    assert (answer["supported"], answer["clause"]) == (supported, clause)


def test_H_plan_extra_a_service_outside_the_plan_is_done_for_extra_payment() -> None:
    asked = {"pack": "H", "kind": "ip_migration", "plan": "regular"}
    answer = ASKS["eligibility"](asked)
    assert (answer["supported"], answer["included"]) == (True, False)
    assert ASKS["eligibility"]({**asked, "kind": "general"})["included"] is True


def test_every_rule_that_was_asked_is_told_and_the_first_refusal_decides() -> None:
    answer = ASKS["eligibility"](
        {
            "pack": "R",
            "ticket_date": "2026-06-08",
            "license_until": "2026-06-30",
            "configuration_changed_by": "user",
            "kind": "training",
        }
    )
    assert [row["clause"] for row in answer["findings"]] == [
        "R-3.2.3",
        "R-3.2.1",
        "R-3.2.1",
        "R-A1-2.1.2-i",
    ]
    assert (answer["supported"], answer["clause"]) == (False, "R-3.2.1")


def test_a_question_that_touches_no_rule_has_no_answer() -> None:
    with pytest.raises(Unanswerable, match="nothing_to_judge"):
        ASKS["eligibility"]({"pack": "R", "ticket_date": "2026-06-08"})
