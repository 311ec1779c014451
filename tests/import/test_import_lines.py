"""One line of another helpdesk's log: what it says, and what is said about a bad one."""

from datetime import UTC, datetime

import pytest

from docket_import import helpdesk
from docket_import.helpdesk import BadLine, read_line

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
    ("was", "becomes", "field", "detail"),
    [
        (b'"Phone"', b'"Pigeon"', "data.channel", "Invalid enum value 'Pigeon'"),
        (b'"3 - Moderate"', b"3", "data.priority", "Expected `str`, got `int`"),
        (b'"priority": "3 - Moderate", ', b"", "data", "missing required field `priority`"),
        (b"Location 143", b"Location\\n143", "data.location", "matching regex"),
        (b'"TicketCreated"', b'"TicketDreamt"', "type", "'TicketDreamt' is unknown"),
        (b"01:16:00Z", b"01:16:00", "occurred_at", "timezone"),
        (b"2016-02-29", b"2015-02-29", "occurred_at", "RFC3339"),
        (b'"case": "INC0000045"', b'"case": ""', "case", "length >= 1"),
        (b'"case": "INC0000045", ', b"", "the whole line", "missing required field `case`"),
        (b'"data": {', b'"data": ', "the whole line", "malformed"),
        (b"Category 55", b"Category \xff", "data", "utf-8"),
    ],
)
def test_a_bad_line_is_named_with_its_field(
    was: bytes, becomes: bytes, field: str, detail: str
) -> None:
    with pytest.raises(BadLine) as bad:
        read_line(12, CREATED.replace(was, becomes))

    assert bad.value.number == 12
    assert bad.value.field == field
    assert detail in str(bad.value)
    assert str(bad.value).startswith("line 12, ")
