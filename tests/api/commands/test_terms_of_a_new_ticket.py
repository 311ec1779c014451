"""Under which terms a ticket is opened over HTTP: pack, edition, level (C-26, R-0.2, I-1.2)."""

from datetime import datetime

import pytest

from docket_policies.terms.loader import revision_in_force

CLOUD = {"product": "BILLmanager 6", "edition": "Hosting & Cloud"}
INFRASTRUCTURE = {"product": "VMmanager 6", "edition": "Infrastructure"}
STANDARD, PRIVILEGE = {"service_level": "Standard"}, {"service_level": "Privilege"}
RESOLD, CERTIFIED = {"direct": False}, {"certificate": True}


@pytest.mark.parametrize(
    ("license_", "pack", "level"),
    [
        ({"product": "VMmanager 6"}, "regulations", None),
        ({**INFRASTRUCTURE}, "regulations", None),
        ({**INFRASTRUCTURE, **STANDARD}, "infrastructure", "Standard"),
        ({**INFRASTRUCTURE, **PRIVILEGE}, "infrastructure", "Privilege"),
        ({"product": "VMmanager 6 Infrastructure", **STANDARD}, "infrastructure", "Standard"),
        ({"product": "VMmanager 6", **PRIVILEGE}, "infrastructure", "Privilege"),
        ({**CLOUD, **PRIVILEGE, **CERTIFIED, **RESOLD}, "infrastructure", "Privilege"),
        ({**CLOUD, "edition": "Hosting&Cloud", **STANDARD}, "infrastructure", "Standard"),
        ({"product": "DCImanager 6", "edition": "SE", **RESOLD}, "regulations", None),
        ({"product": "H-Sphere"}, "h-sphere", None),
        ({"product": "ISPmanager 6", "edition": "Pro"}, "ispmanager", None),
    ],
    ids=str,
)
async def test_C_26_the_license_says_under_which_terms_a_ticket_stands(ann, license_, pack, level):
    ticket = await ann.create(**license_, priority="High")

    assert (ticket["pack"], ticket["service_level"]) == (pack, level)
    created_at = datetime.fromisoformat(ticket["created_at"])
    assert ticket["revision"] == revision_in_force(pack, created_at)


async def test_C_26_a_certificate_that_names_no_level_is_standard_and_marked(ann):
    ticket = await ann.create(**INFRASTRUCTURE, **CERTIFIED, **RESOLD, priority="Low")

    assert (ticket["pack"], ticket["service_level"]) == ("infrastructure", "Standard")
    assert ticket["work"]["tags"] == ["level_assumed"]


@pytest.mark.parametrize(
    ("license_", "code", "clause"),
    [
        ({**INFRASTRUCTURE, **RESOLD}, "no_pack", "R-0.2"),
        ({"product": "VMmanager 6", "edition": "Hosting", **RESOLD}, "no_pack", "R-0.2"),
        ({"product": "Spreadsheet"}, "no_pack", "R-0.2"),
        ({"product": "VMmanager 5"}, "no_pack", "R-3.2.2"),
        ({"product": "H-Sphere", "product_version": "2.3"}, "not_supported", "H-range-1"),
        ({"product": "ISPmanager 5"}, "not_supported", "M-eol-sup5"),
        ({"product": "ISPmanager 4"}, "not_supported", "M-sup-old"),
    ],
    ids=str,
)
async def test_C_26_a_license_under_no_terms_or_without_support_is_refused(
    ann, license_, code, clause
):
    answer = await ann.post("/v1/tickets", license_)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["clause"] == clause
    assert (await ann.get("/v1/tickets")).json()["items"] == []


async def test_I_2_6_the_user_of_pack_I_sets_the_priority(ann):
    body = {**INFRASTRUCTURE, **PRIVILEGE}

    without = await ann.post("/v1/tickets", body)
    ticket = await ann.create(**body, priority="Emergency")

    assert (without.status_code, without.json()["code"]) == (409, "priority_required")
    assert without.json()["clause"] == "I-2.6-intro"
    assert ticket["priority"] == "Emergency"


async def test_C_35_what_pack_I_does_not_have_is_refused_with_the_clause(ann):
    ticket = await ann.create(**INFRASTRUCTURE, **STANDARD, priority="Low")

    answer = await ann.tell(ticket, "suspend")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_pack")
    assert answer.json()["clause"] == "I-1.3"


async def test_a_level_that_nobody_sells_is_422_and_says_where(ann):
    answer = await ann.post("/v1/tickets", {"product": "VMmanager 6", "service_level": "Gold"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/service_level"
