"""One line of another helpdesk's log: what it says, and what is said about a bad one."""

from datetime import UTC, datetime

import pytest

from docket_import import helpdesk
from docket_import.fault import BadLine
from docket_import.json_lines import read_line

CREATED = (
    b'{"case": "INC0000045", "occurred_at": "2016-02-29T01:16:00Z", "type": "TicketCreated",'
    b' "data": {"channel": "Phone", "priority": "3 - Moderate", "category": "Category 55",'
    b' "caller_id": "Caller 2403", "location": "Location 143", "opened_by": "Opened by  8"}}'
)


def test_a_line_says_what_happened_to_which_case_and_when() -> None:
    line = read_line(7, CREATED)

    assert (line.number, line.case) == (7, "INC0000045")
    assert line.occurred_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert line.what == helpdesk.TicketCreated(
        "Phone", "3 - Moderate", "Category 55", "Caller 2403", "Location 143"
    )


@pytest.mark.parametrize(
    ("was", "becomes", "field", "said"),
    [
        (
            b'"Phone"',
            b'"Pigeon"',
            "data.channel",
            "'Pigeon' is unknown; right would be one of Phone",
        ),
        (b'"3 - Moderate"', b'"urgent"', "data.priority", "one of 1 - Critical, 2 - High, 3 - Mod"),
        (b'"3 - Moderate"', b"3", "data.priority", "3: expected `str`, got `int`"),
        (
            b'"priority": "3 - Moderate", ',
            b"",
            "data.priority",
            "is missing; right would be one of",
        ),
        (b"Location 143", b"Location\\n143", "data.location", "no controls"),
        (b'"TicketCreated"', b'"TicketDreamt"', "type", "'TicketDreamt' is unknown; right would"),
        (b"01:16:00Z", b"01:16:00", "occurred_at", "with its zone, as 2026-06-11T12:00:00Z"),
        (b"2016-02-29", b"2015-02-29", "occurred_at", "RFC3339"),
        (b'"case": "INC0000045"', b'"case": ""', "case", "1 to 100 characters"),
        (b'"case": "INC0000045", ', b"", "case", "is missing"),
        (b'"data": {', b'"data": ', "the whole line", "malformed"),
        (b'"data": {', b'"data": [{', "the whole line", "malformed"),
        (b"Category 55", b"Category \xff", "the whole line", "utf-8"),
    ],
)
def test_a_bad_line_is_named_with_its_field_and_what_would_be_right(
    was: bytes, becomes: bytes, field: str, said: str
) -> None:
    with pytest.raises(BadLine) as bad:
        read_line(12, CREATED.replace(was, becomes))

    (fault,) = bad.value.faults
    assert (fault.line, fault.field) == (12, field)
    assert said in str(fault)
    assert str(fault).startswith(f"line 12, {field}")


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    wrong = CREATED.replace(b'"Phone"', b'"Pigeon"').replace(b'"3 - Moderate"', b'"urgent"')

    with pytest.raises(BadLine) as bad:
        read_line(12, wrong.replace(b"01:16:00Z", b"01:16:00"))

    told = [(each.field, each.value, each.case) for each in bad.value.faults]
    assert told == [
        ("occurred_at", "'2016-02-29T01:16:00'", "INC0000045"),
        ("data.channel", "'Pigeon'", "INC0000045"),
        ("data.priority", "'urgent'", "INC0000045"),
    ]
