"""The packs that travel with the package: whole, with a clause for every rule, or refused."""

from importlib.resources import files

import holidays
import pytest

from docket_policies.calendars.time_arithmetic import add
from docket_policies.deadlines.timers import information_deadline, objections_until
from docket_policies.terms.calendar_files import calendar, calendar_of_file
from docket_policies.terms.editions import UnknownPack
from docket_policies.terms.loader import policy, revision_in_force, with_special_conditions
from docket_policies.terms.pack_format import read_pack
from docket_policies.terms.table import BadPack
from histories import at, shared, written
from people import REGULATIONS as R

EDITION = "packs/regulations/R-2025-03-27.toml"

TEXT = (files("docket_policies") / EDITION).read_text(encoding="utf-8")

HOURS = """
clause = "R-1.9"
says = "Monday mornings."
timezone = "UTC"
[hours]
mon = [["09:00", "12:00"]]
"""


def refused(text: str) -> BadPack:
    """Read a wrong edition and return the refusal."""
    with pytest.raises(BadPack) as wrong:
        read_pack(text, EDITION, calendar)
    assert str(wrong.value).startswith(f"{EDITION}: {wrong.value.key}: ")
    return wrong.value


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_a_pack_is_named_by_its_id_or_its_letter() -> None:
    assert policy("R", "R-2025-03-27") is R
    with pytest.raises(UnknownPack, match=r"no pack .X.; there is h-sphere \(H\)"):
        policy("X", "R-2025-03-27")
    with pytest.raises(UnknownPack, match="it has R-2025-03-27"):
        policy("regulations", "R-1999")


@pytest.mark.parametrize("created_at", ["2016-02-29T01:16:00Z", "2025-03-27", "2026-06-08"])
def test_R_2_2_the_edition_in_force_when_a_ticket_was_created(created_at: str) -> None:
    assert revision_in_force("regulations", at(created_at)) == "R-2025-03-27"


@pytest.mark.parametrize("priority", ["Emergency", "High", "Medium", "Low"])
def test_the_examples_of_a_target_hold(priority: str) -> None:
    target = R.targets[priority]  # type: ignore[index]  # the four are listed above
    for example in target.examples:
        assert add(target.calendar, example["from"], target.budget_s) == example["until"]


def test_the_examples_of_the_windows_hold() -> None:
    assert R.information_window is not None
    assert R.objection_window is not None
    for example in R.information_window.examples:
        assert information_deadline(R, example["from"]) == example["until"]
    for example in R.objection_window.examples:
        assert objections_until(R, example["from"]) == example["ends"]


def test_R_6_7_the_table_of_response_times() -> None:
    table = {p: (t.budget_s // 3600, t.calendar.name, t.clause) for p, t in R.targets.items()}
    assert table == {
        "Emergency": (8, "ALWAYS", "R-6.7-EM"),
        "High": (16, "R_BH", "R-6.7-HIGH"),
        "Medium": (24, "R_BH", "R-6.7-MED"),
        "Low": (32, "R_BH", "R-6.7-LOW"),
    }


def test_R_6_9_the_reasons_to_close_are_a_closed_list_with_their_clauses() -> None:
    assert {name: reason.clause for name, reason in R.closing_reasons.items()} == {
        "resolved": "R-6.10-a",
        "product_error_found": "R-6.11",
        "cannot_reproduce_or_impossible": "R-6.9-a",
        "info_not_provided": "R-6.9-b",
        "changes_by_user": "R-6.9-c",
        "out_of_scope": "R-6.9-d",
        "incorrect_or_unconstructive": "R-6.9-e",
        "created_incorrectly": "R-6.9-e",
        "unconstructive": "R-6.9-e",
        "systematic_delay": "R-6.9-e",
        "already_answered": "R-6.9-f",
        "use_not_documented": "R-6.9-g",
        "priority_manipulation": "R-6.9-h",
    }
    assert R.closing_reasons["product_error_found"].requires == {
        "plan_reference": "plan_reference_required"
    }


@pytest.mark.parametrize(
    ("verb", "side", "clause"),
    [
        ("suspend", "customer", "R-6.6-a"),
        ("revoke", "customer", "R-6.6-a"),
        ("object", "customer", "R-6.10-b"),
        ("close", "agent", "R-6.9"),
        ("split", "agent", "R-6.3-a"),
        ("merge", "agent", "R-6.3-a"),
        ("request-information", "agent", "R-6.4"),
        ("prioritize", "agent", "R-6.5"),
        ("register", "agent", "R-4.2-b"),
    ],
)
def test_a_command_belongs_to_one_side(verb: str, side: str, clause: str) -> None:
    capability = R.capabilities[verb]
    assert (capability.actors, capability.clause) == ((side,), clause)


def test_commands_of_other_packs_are_not_granted() -> None:
    assert not {"forward", "consult-developers", "reject", "extend-period"} & set(R.capabilities)


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('clause = "R-6.7-HIGH"\n', "", "targets.High.clause", "is missing: write a text"),
        ("hours = 16", 'hours = "16"', "targets.High.hours", "write a whole number"),
        ("hours = 16", "hours = true", "targets.High.hours", "write a whole number"),
        ("hours = 16", "hours = 0", "targets.High.hours", "write a number above 0"),
        ("hours = 16", "hours = 16\nhuors = 17", "targets.High.huors", "is unknown"),
        ('calendar = "R_BH"', 'calendar = "R_HB"', "targets.High.calendar", "add calendars/R_HB"),
        ("[targets.High]", "[targets.Urgent]", "targets.Urgent.Urgent", "one of Emergency, High"),
        ('info = "restart"', 'info = "stop"', "readings.info", "C-02 is read as one of restart"),
        ('pt = "switch"\n', "", "readings.pt", "is missing"),
        ('start = "registration_notice"', 'starts = "notice"', "readings.start", "is missing"),
        ('"customer", "agent"', '"user", "agent"', "capabilities.create.actors", "is nobody"),
        ('["agent"]', "[]", "capabilities.register.actors", "say who may do it"),
        ('running = "R-6.7"', 'runing = "R-6.7"', "states.runing", "write one of not_started"),
        ('registration = "R-1.14"', 'notice = "R-1.14"', "turn_starts.notice", "write one of"),
        ("2025-03-27T00:00:00Z", "2025-03-27T00:00:00", "effective_from", "end it with Z"),
        (
            "    { from = 2026-06-12T16:00:00Z, until = 2026-06-15T16:00:00Z },\n",
            "",
            "information_window.examples",
            "a number needs an example",
        ),
        ("[states]", "[states", "file", "line"),
    ],
)
def test_a_wrong_edition_is_refused_with_file_key_and_what_to_do(
    old: str, new: str, key: str, said: str
) -> None:
    wrong = refused(changed(old, new))
    assert (wrong.file, wrong.key) == (EDITION, key)
    assert said in wrong.problem


def test_an_edition_needs_a_target_for_every_priority() -> None:
    start, end = TEXT.index("[targets.High]"), TEXT.index("[targets.Medium]")
    wrong = refused(TEXT[:start] + TEXT[end:])
    assert (wrong.key, wrong.problem) == (
        "targets",
        "no target for High: every priority needs one",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('clause = "R-1.9"', "", "clause: is missing"),
        ('mon = [["09:00", "12:00"]]', "", "never open: give it hours"),
        ('"09:00", "12:00"', '"09:00", "09:00"', "must start before it ends"),
        ('["09:00", "12:00"]', '["09:00", "12:00"], ["11:00", "13:00"]', "overlap"),
        ('"UTC"', '"Utopia/Nowhere"', "timezone 'Utopia/Nowhere' is unknown"),
        ("[hours]", 'holidays = "XX"\n[hours]', "add holidays/XX.toml"),
        ("[hours]", 'hollidays = "CY"\n[hours]', "unknown hollidays"),
    ],
)
def test_a_wrong_calendar_is_refused_with_file_key_and_what_to_do(
    old: str, new: str, said: str
) -> None:
    assert old in HOURS
    with pytest.raises(BadPack, match=r"^calendars/X\.toml: ") as wrong:
        calendar_of_file(HOURS.replace(old, new), "calendars/X.toml", "X")
    assert said in str(wrong.value)


def test_R_2_3_special_conditions_replace_targets_and_nothing_else() -> None:
    terms = with_special_conditions(R, {"High": {"hours": 4, "calendar": "ALWAYS"}})
    assert (terms.targets["High"].budget_s, terms.targets["High"].calendar.name) == (
        14400,
        "ALWAYS",
    )
    assert terms.targets["High"].clause == "R-2.3"
    assert terms.targets["Low"] == R.targets["Low"]
    assert R.targets["High"].budget_s == 57600


@pytest.mark.parametrize(
    ("priority", "agreed", "said"),
    [
        ("Urgent", {"hours": 4}, "special_conditions.Urgent: name one of Emergency"),
        ("High", {"hours": -1}, "special_conditions.High.hours: write a number above 0"),
        ("High", {"hours": 4, "calendar": "Z"}, "calendar 'Z' is unknown"),
    ],
)
def test_wrong_special_conditions_are_refused(
    priority: str, agreed: dict[str, object], said: str
) -> None:
    with pytest.raises(BadPack, match=said):
        with_special_conditions(R, {priority: agreed})  # type: ignore[dict-item]  # what is refused


def test_C_13_the_holidays_are_the_fifteen_of_the_package_in_every_year_covered() -> None:
    business = calendar("R_BH")
    assert business is not None
    assert business.covered == ((2016, 2030),)
    named = holidays.country_holidays("CY", years=range(2016, 2031), observed=False)
    assert business.holidays == frozenset(named)


def test_C_13_the_holidays_are_those_of_the_worked_scenarios() -> None:
    business = calendar("R_BH")
    assert business is not None
    meta = shared("scenarios.json")["meta"]["cyprus_public_holidays"]
    for year, days in meta.items():
        ours = sorted(day.isoformat() for day in business.holidays if str(day.year) == year)
        assert ours == days


def test_C_13_easter_tuesday_is_a_working_day_and_easter_monday_is_not() -> None:
    business = calendar("R_BH")
    assert business is not None
    assert written(add(business, at("2026-04-09T18:00:00Z"), 3600)) == "2026-04-14T10:00:00Z"


@pytest.mark.parametrize("name", ["ALWAYS", "R_BH", "I_0618", "I_DEV"])
def test_every_calendar_of_the_packs_loads_and_names_its_clause(name: str) -> None:
    loaded = calendar(name)
    assert loaded is not None
    assert loaded.clause
    assert calendar("NOWHERE") is None
