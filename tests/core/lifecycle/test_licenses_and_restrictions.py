"""What may be recorded of an account, what it folds to, and what its tickets make of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from docket_events.access import AccessRestored, AccessRestricted
from docket_events.account import AccountEvent, LicenseRecorded
from docket_events.opening import AgreedTarget
from docket_events.recorded import Actor, Fact
from docket_events.ticket import TicketCreated
from docket_lifecycle.commands import Create
from docket_lifecycle.commands.account import AccountCommand, RecordLicense, Restore, Restrict
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.rules.account import decide_account, restriction_clauses
from docket_lifecycle.rules.opening.license import FOR_GOOD, licensed
from docket_lifecycle.state.account import Account, fold_account
from people import ANN, MONDAY, OLGA, june

ACME = Account(UUID("01978a6e-6c00-5def-8def-0123456789ab"), "acme")
SHOP = Actor("service", "shop")
BARRED = AccessRestricted("acme", june(12), "abuse", "R-7.4")
PLAIN = Create("D-1", "acme", "ann", "client_area", "VMmanager 6")
LICENSE = LicenseRecorded("acme", "L-1", "VMmanager 6", "Infrastructure", "Privilege")


def after(*events: AccountEvent) -> Account:
    return fold_account(ACME, [Fact(event, MONDAY) for event in events])


def says(
    account: Account, command: AccountCommand, by: Actor = OLGA, at: datetime = MONDAY
) -> tuple[AccountEvent, ...]:
    return decide_account(account, command, at=at, actor=by)


def test_an_account_is_there_before_anything_is_recorded() -> None:
    assert (ACME.version, ACME.updated_at, ACME.restricted(MONDAY)) == (0, None, False)


def test_C_52_a_restriction_ends_with_its_instant_or_with_an_event() -> None:
    assert after(BARRED).restricted(june(11, 23, 59, 59))
    assert not after(BARRED).restricted(june(12))
    assert after(replace(BARRED, until=None)).restricted(datetime.max.replace(tzinfo=UTC))
    assert not after(BARRED, AccessRestored("acme")).restricted(MONDAY)


def test_every_event_counts_and_none_turns_the_time_back() -> None:
    history = [Fact(BARRED, june(9)), Fact(LICENSE, june(8)), Fact(AccessRestored("acme"), june(9))]

    account = fold_account(ACME, history)

    assert (account.version, account.updated_at) == (3, june(9))


def test_an_event_of_a_ticket_is_not_taken_for_one_of_an_account() -> None:
    created = TicketCreated("1", "acme", "ann", "api", "VMmanager 6", "Low", "R", "R")

    with pytest.raises(ValueError, match="TicketCreated"):
        fold_account(ACME, [Fact(created, MONDAY)])


def test_a_license_that_is_recorded_again_replaces_what_was_known_and_is_the_latest() -> None:
    other = replace(LICENSE, license="L-2")
    ended = replace(LICENSE, services_until=date(2026, 6, 30))

    assert list(after(LICENSE, other, ended).licenses.values()) == [other, ended]


def test_C_52_what_is_so_already_is_no_event() -> None:
    assert says(ACME, Restore()) == ()
    unexplained = replace(BARRED, reason=None)
    assert says(after(unexplained), Restrict(BARRED.until, None, BARRED.clause)) == ()
    assert says(after(BARRED), Restore(), at=june(12)) == ()
    assert says(after(LICENSE), RecordLicense(LICENSE)) == ()


def test_C_52_an_agent_restricts_prolongs_and_restores() -> None:
    assert says(ACME, Restrict(june(12), "abuse", "R-7.4")) == (BARRED,)
    assert says(after(BARRED), Restrict()) == (AccessRestricted("acme"),)
    assert says(after(BARRED), Restore("settled")) == (AccessRestored("acme", "settled"),)


@pytest.mark.parametrize("by", [ANN, SHOP], ids=lambda actor: actor.kind)
@pytest.mark.parametrize("command", [Restrict(), Restore()], ids=lambda c: type(c).__name__)
def test_C_52_nobody_else_does(command: AccountCommand, by: Actor) -> None:
    with pytest.raises(NotEntitled) as refused:
        says(ACME, command, by)
    assert refused.value.clause == "C-52"


def test_C_26_a_service_records_licenses_and_a_customer_does_not() -> None:
    assert says(ACME, RecordLicense(LICENSE), SHOP) == (LICENSE,)
    with pytest.raises(NotEntitled):
        says(ACME, RecordLicense(LICENSE), ANN)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Restrict(MONDAY), "not_in_the_future"),
        (Restrict(clause="I-2.6"), "unknown_clause"),
        (
            RecordLicense(replace(LICENSE, special_conditions={"High": AgreedTarget(1)})),
            "agreement_required",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_cannot_be_recorded_is_refused(command: AccountCommand, code: str) -> None:
    with pytest.raises(Refused) as refused:
        says(ACME, command)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("product", "plan"), [("H-Sphere", "gold"), ("H-Sphere 2", ""), ("H-Sphere Hosting", "gold")]
)
def test_H_plan_a_license_with_a_plan_that_nobody_sells_is_not_recorded(
    product: str, plan: str
) -> None:
    with pytest.raises(Refused, match=r"^unknown_plan \(H-policy-3\): the plans are regular, pri"):
        says(ACME, RecordLicense(LicenseRecorded("acme", "L-1", product, plan=plan)))


@pytest.mark.parametrize("product", ["VMmanager 6", "VMmanager 5"])
def test_H_plan_a_plan_that_no_terms_have_is_not_recorded_of_any_product(product: str) -> None:
    with pytest.raises(Refused, match=r"^unknown_plan \(H-plan\): the plans are priority, regular"):
        says(ACME, RecordLicense(LicenseRecorded("acme", "L-1", product, plan="gold")))


@pytest.mark.parametrize(
    ("product", "plan"),
    [
        ("H-Sphere", None),
        ("H-Sphere", "Priority"),
        ("VMmanager 6", "regular"),  # its terms have no plans, others have this one
        ("VMmanager 5", "Priority"),  # it has no terms
    ],
)
def test_H_plan_every_other_plan_is_recorded(product: str, plan: str | None) -> None:
    license_ = LicenseRecorded("acme", "L-1", product, plan=plan)

    assert says(ACME, RecordLicense(license_)) == (license_,)


def test_R_7_4_and_I_7_11_are_the_clauses_that_restrict() -> None:
    assert set(restriction_clauses()) == {"R-7.4", "I-7.11"}


def test_where_nothing_is_recorded_the_words_of_the_caller_count() -> None:
    assert licensed(PLAIN, ACME, MONDAY) == PLAIN


def test_C_52_a_restriction_without_end_is_one_for_good() -> None:
    barred = licensed(PLAIN, after(replace(BARRED, until=None)), MONDAY)

    assert barred.standing.restricted_until == FOR_GOOD


def test_C_26_the_license_replaces_the_words_of_the_caller() -> None:
    agreed = {"High": AgreedTarget(2)}
    known = replace(LICENSE, resold=True, certificate=True, special_conditions=agreed)
    said = replace(PLAIN, edition="Hosting", service_level="Standard")

    made = licensed(said, after(known), MONDAY)

    assert (made.edition, made.service_level) == ("Infrastructure", "Privilege")
    assert (made.direct, made.certificate, made.special_conditions) == (False, True, agreed)


@pytest.mark.parametrize(
    ("until", "active"), [(None, None), (date(2026, 6, 8), True), (date(2026, 6, 7), False)]
)
def test_C_50_a_license_is_active_to_the_end_of_its_last_day(
    until: date | None, active: bool | None
) -> None:
    made = licensed(PLAIN, after(replace(LICENSE, license_until=until)), june(8, 23, 59, 59))

    assert made.standing.license_active is active


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (PLAIN, "L-3"),
        (replace(PLAIN, edition="Infrastructure"), "L-2"),
        (replace(PLAIN, service_level="Privilege"), "L-1"),
        (replace(PLAIN, edition="Infrastructure", service_level="Privilege"), "L-1"),
        (replace(PLAIN, product="VMmanager 6 Infrastructure"), "L-2"),
        (replace(PLAIN, product="DCImanager 6"), None),
    ],
    ids=lambda value: (
        f"{value.product} {value.edition} {value.service_level}"
        if isinstance(value, Create)
        else str(value)
    ),
)
def test_C_26_of_several_licenses_the_named_one_counts_else_the_latest(
    said: Create, counts: str | None
) -> None:
    account = after(
        LICENSE,
        replace(LICENSE, license="L-2", service_level="Standard", agreement="L-2"),
        LicenseRecorded("acme", "L-3", "VMmanager 6", "Hosting"),
    )
    expected = account.licenses.get(counts or "")

    made = licensed(said, account, MONDAY)

    if expected is None:
        assert made == said
    else:
        assert (made.edition, made.service_level) == (expected.edition, expected.service_level)
