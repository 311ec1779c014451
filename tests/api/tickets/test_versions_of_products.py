"""Versions judged by the releases that the operator names in DOCKET_RELEASES (R-3.2.2, I-8.1)."""

import msgspec
import pytest

from ticket_api.commands.product_releases import load_releases

VM = {"2026.01": "2026-01-20", "2026.03": "2026-03-05", "2026.05": "2026-05-14"}
PANEL = [
    {"version": "6.10", "released": "2026-01-14", "channel": "stable"},
    {"version": "6.12", "released": "2026-03-01", "channel": "stable"},
    {"version": "6.14", "released": "2026-05-15", "channel": "stable"},
]


@pytest.fixture
def settings(settings, tmp_path):
    path = tmp_path / "releases.json"
    path.write_bytes(msgspec.json.encode({"VMmanager 6": VM, "ISPmanager 6": PANEL}))
    return settings.model_copy(update={"releases": str(path)})


@pytest.mark.parametrize(
    ("version", "supported"), [("1.0", False), ("2026.01", False), ("2026.03", True)]
)
async def test_R_3_2_2_a_an_old_version_is_told_on_the_ticket(ann, version, supported):
    ticket = await ann.create(product_version=version)

    assert ticket["support"]["supported"] is supported
    assert ticket["support"]["clause"] == "R-3.2.2-a"


async def test_M_sup_ver_an_old_version_is_refused(ann):
    panel = {"product": "ISPmanager 6", "edition": "Pro", "os": "Debian 10"}

    old = await ann.post("/v1/tickets", {**panel, "product_version": "6.10"})
    new = await ann.create(**panel, product_version="6.12")

    assert (old.status_code, old.json()["code"]) == (409, "not_supported")
    assert old.json()["clause"] == "M-sup-ver"
    assert new["support"] == {
        "supported": True,
        "clause": "M-sup-1",
        "why": "Version and operating system must both be supported.",
    }


async def test_M_sup_ver_a_product_that_names_its_edition_has_the_versions_of_its_product(ann):
    panel = {"product": "ISPmanager 6 Pro", "os": "Debian 10"}

    old = await ann.post("/v1/tickets", {**panel, "product_version": "6.10"})
    new = await ann.create(**panel, product_version="6.12")

    assert (old.status_code, old.json()["clause"]) == (409, "M-sup-ver")
    assert new["support"]["supported"] is True


async def test_a_version_of_a_product_that_nobody_listed_stays_unknown(ann):
    ticket = await ann.create(product="DNSmanager 6", product_version="6.51")

    assert ticket["support"]["supported"] == "unknown"


@pytest.mark.parametrize("body", [b"{", b'{"VMmanager 6": {"one": "2026-01-20"}}', b"[]"])
def test_a_wrong_file_of_releases_is_refused_at_the_start(tmp_path, body):
    path = tmp_path / "releases.json"
    path.write_bytes(body)

    with pytest.raises(ValueError, match="DOCKET_RELEASES"):
        load_releases(str(path))
    with pytest.raises(ValueError, match="DOCKET_RELEASES"):
        load_releases(str(tmp_path / "none.json"))
    assert load_releases(None) == {}
