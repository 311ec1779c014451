"""Licenses of an account: under which terms its tickets stand, and until when (C-26, C-36)."""

import pytest

ACME = "/v1/accounts/acme"
INFRASTRUCTURE = {"product": "VMmanager 6", "edition": "Infrastructure"}
PRIVILEGE = {**INFRASTRUCTURE, "license": "L-1", "service_level": "Privilege"}


async def test_C_26_the_recorded_license_says_under_which_terms_a_ticket_stands(ann, shop):
    recorded = await shop.post(f"{ACME}/record-license", PRIVILEGE)

    ticket = await ann.create(priority="High", service_level="Standard")
    other = await ann.create(product="DCImanager 6")

    assert recorded.json()["licenses"][0]["direct"] is True
    assert (ticket["pack"], ticket["service_level"]) == ("infrastructure", "Privilege")
    assert other["pack"] == "regulations"


async def test_C_26_of_several_licenses_the_one_that_is_named_counts_else_the_latest(ann, shop):
    await shop.post(f"{ACME}/record-license", PRIVILEGE)
    await shop.post(
        f"{ACME}/record-license", {"license": "L-2", "product": "VMmanager 6", "edition": "Hosting"}
    )

    async def pack(**said):
        return (await ann.create(priority="Low", **said))["pack"]

    assert await pack() == "regulations"
    assert await pack(edition="Infrastructure") == "infrastructure"
    await shop.post(f"{ACME}/record-license", {**PRIVILEGE, "services_until": "2030-01-01"})
    assert await pack() == "infrastructure"


async def test_R_0_2_a_resold_license_is_not_saved_by_the_words_of_its_user(ann, shop):
    await shop.post(f"{ACME}/record-license", {**INFRASTRUCTURE, "license": "L-1", "direct": False})

    answer = await ann.post("/v1/tickets", {**INFRASTRUCTURE, "direct": True})

    assert (answer.status_code, answer.json()["code"]) == (409, "no_pack")


@pytest.mark.parametrize(
    ("license_", "code", "clause"),
    [
        ({"product": "VMmanager 6", "license_until": "2026-06-07"}, "license_inactive", "R-3.2.3"),
        ({**PRIVILEGE, "services_until": "2026-06-07"}, "services_expired", "I-3.8-a"),
        (
            {**PRIVILEGE, "updates_until": "2027-06-07"},
            "support_not_available_for_past_period",
            "I-9.7-c",
        ),
    ],
)
async def test_C_36_who_is_no_longer_served_opens_no_ticket(ann, shop, license_, code, clause):
    body = {"product": "VMmanager 6", "priority": "Low"}
    open_ = await ann.create(**body)
    await shop.post(f"{ACME}/record-license", {"license": "L-1", **license_})

    answer = await ann.post("/v1/tickets", body)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["clause"] == clause
    assert (await ann.tell(open_, "comment", text="opened in time")).status_code == 200


@pytest.mark.parametrize("license_", [{"license_until": "2026-06-08"}, {}])
async def test_C_50_the_last_day_of_a_license_counts_to_its_end(ann, shop, license_):
    await shop.post(
        f"{ACME}/record-license", {"license": "L-1", "product": "VMmanager 6", **license_}
    )

    assert (await ann.create())["status"] == "open"


async def test_I_1_3_what_was_agreed_apart_is_pinned_when_a_ticket_is_opened(ann, max_):
    agreed = {"High": {"hours": 2, "calendar": "ALWAYS"}}
    license_ = {**PRIVILEGE, "special_conditions": agreed, "agreement": "A-7"}
    await max_.post(f"{ACME}/record-license", license_)

    ticket = await ann.create(priority="High")
    await max_.post(f"{ACME}/record-license", PRIVILEGE)
    later = await ann.create(priority="High")

    shown = {"High": {"hours": 2, "calendar": "ALWAYS", "team_hours": None}}
    assert ticket["special_conditions"] == shown
    assert (later["special_conditions"], later["service_level"]) == (None, "Privilege")
    assert (await ann.get(f"/v1/tickets/{ticket['id']}")).json()["special_conditions"] == shown


async def test_R_2_3_special_conditions_name_their_agreement(max_):
    body = {**PRIVILEGE, "special_conditions": {"High": {"hours": 2}}}

    answer = await max_.post(f"{ACME}/record-license", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "agreement_required")
    assert answer.json()["clause"] == "R-2.3"


async def test_H_plan_a_plan_that_nobody_sells_is_refused_when_it_is_recorded(ann, shop):
    license_ = {"license": "L-1", "product": "H-Sphere", "plan": "gold"}

    refused = await shop.post(f"{ACME}/record-license", license_)
    taken = await shop.post(f"{ACME}/record-license", {**license_, "plan": "priority"})

    assert (refused.status_code, refused.json()["code"]) == (409, "unknown_plan")
    assert refused.json()["clause"] == "H-policy-3"
    assert taken.status_code == 200
    assert (await ann.create(product="H-Sphere"))["plan"] == "priority"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"product": "VMmanager 6"}, "/license"),
        ({**PRIVILEGE, "services_until": "tomorrow"}, "/services_until"),
        ({**PRIVILEGE, "special_conditions": {"High": {"hours": 0}}}, "hours"),
        ({**PRIVILEGE, "special_conditions": {"Urgent": {"hours": 2}}}, "Urgent"),
        (
            {**PRIVILEGE, "special_conditions": {"High": {"hours": 2, "calendar": "MOON"}}},
            "calendar",
        ),
    ],
)
async def test_a_malformed_license_is_422_and_says_where(max_, body, pointer):
    answer = await max_.post(f"{ACME}/record-license", body)

    assert answer.status_code == 422, answer.text
    assert any(pointer in error["pointer"] for error in answer.json()["errors"])


async def test_a_customer_records_no_license(ann):
    answer = await ann.post(f"{ACME}/record-license", PRIVILEGE)

    assert (answer.status_code, answer.json()["clause"]) == (403, "C-26")
