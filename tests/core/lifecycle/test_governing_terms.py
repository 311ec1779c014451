"""Under which terms a new ticket stands: the pack of its license, the edition in force (C-26)."""

import pytest

from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.opening.license import terms_of
from docket_policies.terms.policy import Policy
from people import MONDAY

VM = "VMmanager 6"


def license_(product: str, edition: str | None = None, level: str | None = None) -> Create:
    return Create(
        "D-1", "acme", "ann", "client_area", product, edition=edition, service_level=level
    )


def resold(product: str, edition: str | None = None, *, certificate: bool = False) -> Create:
    return Create(
        "D-1",
        "acme",
        "ann",
        "client_area",
        product,
        edition=edition,
        direct=False,
        certificate=certificate,
    )


def governing(command: Create) -> Policy:
    return terms_of(command, MONDAY)


@pytest.mark.parametrize(
    ("command", "revision"),
    [
        (license_(VM), "R-2025-03-27"),
        (license_(VM, "Infrastructure"), "R-2025-03-27"),
        (license_(VM, "Infrastructure", "Standard"), "I-2025-09-08"),
        (license_(f"{VM} Infrastructure", level="Standard"), "I-2025-09-08"),
        (license_(VM, level="Privilege"), "I-2025-09-08"),
        (license_("BILLmanager 6", "Hosting&Cloud", "Standard"), "I-2025-09-08"),
        (resold("DCImanager 6", "SE"), "R-2025-03-27"),
        (license_("H-Sphere"), "H-2005"),
        (license_("ISPmanager 6", "Pro"), "M-2021"),
        (license_("ISPmanager 3"), "M-2021"),
    ],
)
def test_C_26_a_license_stands_under_its_pack_in_the_edition_in_force(
    command: Create, revision: str
) -> None:
    assert governing(command).revision == revision


def test_I_2_6_the_level_that_was_bought_chooses_the_times() -> None:
    standard = governing(license_(VM, "Infrastructure", "Standard"))
    privilege = governing(license_(VM, "Infrastructure", "Privilege"))

    assert standard.targets["High"].budget_s > privilege.targets["High"].budget_s


def test_C_26_a_certificate_that_names_no_level_is_of_the_standard_level() -> None:
    certified = governing(resold(VM, "Infrastructure", certificate=True))

    assert certified == governing(license_(VM, "Infrastructure", "Standard"))


@pytest.mark.parametrize(
    ("command", "code", "clause", "licensed"),
    [
        (resold(VM, "Infrastructure"), "no_pack", "R-0.2", "VMmanager 6 Infrastructure"),
        (resold(VM, "Hosting"), "no_pack", "R-0.2", "VMmanager 6 Hosting"),
        (license_("Spreadsheet"), "no_pack", "R-0.2", "Spreadsheet"),
        (license_("VMmanager 5"), "no_pack", "R-3.2.2", "VMmanager 5"),
        (license_("BILLmanager 5", "Hosting"), "no_pack", "R-3.2.2", "BILLmanager 5"),
    ],
)
def test_C_26_where_no_terms_apply_the_refusal_names_license_and_clause(
    command: Create, code: str, clause: str, licensed: str
) -> None:
    with pytest.raises(Refused) as refused:
        governing(command)

    assert (refused.value.code, refused.value.clause) == (code, clause)
    assert licensed in refused.value.detail
