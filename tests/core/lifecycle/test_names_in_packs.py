"""Each name in a pack's data is that of something: a typing mistake is refused at the start."""

from importlib.resources import files

import pytest

from docket_lifecycle.rules.packs import check_levels, check_names, check_packs
from docket_policies.eligibility.admission import read_gates
from docket_policies.eligibility.choice_of_pack import read_rows
from docket_policies.terms.editions import with_examples
from docket_policies.terms.loader import calendar
from docket_policies.terms.pack_format import parse, read_pack
from docket_policies.terms.table import BadPack

DATA = files("docket_policies")
R = "packs/regulations/R-2025-03-27.toml"
I = "packs/infrastructure/I-2025-09-08.toml"  # noqa: E741  # the letter of the pack
ADMISSION = "packs/regulations/R-2025-03-27/admission.toml"
CHOICE = "eligibility/choice_of_pack.toml"


def changed(file: str, old: str, new: str) -> str:
    text = (DATA / file).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def read(file: str, text: str) -> None:
    """Read the data of a file as a service does when it starts."""
    if file == ADMISSION:
        read_gates(with_examples(parse(text, file)))
    elif file == CHOICE:
        check_levels(read_rows(parse(text, file)))
    else:
        for terms in read_pack(text, file, calendar):
            check_names(terms)


def test_the_packs_of_the_house_name_nothing_that_there_is_not() -> None:
    check_packs()


@pytest.mark.parametrize("file", [R, I, ADMISSION, CHOICE])
def test_what_is_changed_below_is_right_before(file: str) -> None:
    read(file, changed(file, "", ""))


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "said"),
    [
        (R, "suspend = {", "suspnd = {", "capabilities.suspnd", "resume, revoke"),
        (R, '"R-2.3"\n\n[cap', '"R-2.3"\nforwrad = "R-2.3"\n[cap', "absent.forwrad", "forward"),
        (R, '"R-2.3"\n\n[cap', '"R-2.3"\nclose = "R-2.3"\n[cap', "absent.close", "granted above"),
        (R, "different_users =", "diferent_users =", "refusals.diferent_users", "different_users"),
        (I, "ticket_forwarded =", "forwarded =", "refusals.forwarded", "ticket_forwarded"),
        (R, "multiple_issues =", "multiple_isues =", "tags.multiple_isues", "multiple_issues"),
        (
            R,
            "requires = { plan_reference =",
            "requires = { plan_referense =",
            "closing_reasons.product_error_found.requires.plan_referense",
            "one of plan_reference, reference, content",
        ),
        (
            I,
            "requires = { reference =",
            "requires = { plan_reference =",
            "rejection_reasons.answered_earlier.requires.plan_reference",
            "one of reference, content",
        ),
        (
            I,
            'clause = "I-3.4" }\nreturn',
            'clause = "I-3.4", effect = "relevant_team" }\nreturn',
            "capabilities.forward.effect",
            "only escalate",
        ),
        (
            R,
            'grant-access = { actors = ["customer"], clause = "R-6.2-b" }\n',
            "",
            "capabilities.withdraw-access",
            "grant grant-access too",
        ),
        (ADMISSION, '"sublicensee"', '"sublicense"', "gates[2].who", "user, partner, sublicensee"),
        (ADMISSION, 'channel = "email"', 'channel = "e-mail"', "gates[3].channel", "email"),
        (ADMISSION, 'rule = "sender"', 'rule = "sendr"', "gates[3].rule", "sender"),
        (CHOICE, 'pack = "M"', 'pack = "N"', "rows[2].pack", "one of H, I, M, R"),
        (
            CHOICE,
            'level = "Standard"',
            'level = "Standart"',
            "rows[5].level",
            "Standard, Privilege",
        ),
    ],
)
def test_a_name_of_nothing_is_refused_with_file_key_and_what_may_stand_there(
    file: str, old: str, new: str, key: str, said: str
) -> None:
    with pytest.raises(BadPack) as wrong:
        read(file, changed(file, old, new))

    assert (wrong.value.file, wrong.value.key) == (file, key)
    assert said in wrong.value.problem
