"""A first pack for an author: one clock by severity, in hours of one's own."""

from collections.abc import Sequence


def skeleton(
    name: str, title: str, severities: Sequence[str], hours: Sequence[str], timezone: str
) -> str:
    """Return the text of a pack; the first severity is the gravest, `hours` are those promised.

    Days are Monday to Friday from nine to five in the zone.
    """
    rows = "\n".join(
        f'    {{ severity = "{severity}", amount = "{amount}", in = "office", clause = "A-2" }},'
        for severity, amount in zip(severities, hours, strict=True)
    )
    values = ", ".join(f'"{severity}"' for severity in reversed(severities))
    week = ", ".join(f'{day} = [["09:00", "17:00"]]' for day in ("mon", "tue", "wed", "thu", "fri"))
    return _TEXT.format(
        name=name,
        title=title,
        values=values,
        least=severities[-1],
        week=week,
        zone=timezone,
        rows=rows,
    )


def first_case(severity: str) -> str:
    """Return the text of a file with one case, whose answer the author fills in."""
    return _CASE.replace("SEVERITY", severity)


_TEXT = """# {title}: an edition of {name}.
# docket terms check {name}; docket terms test {name}

pack = "{name}"
edition = "1"
title = "{title}"
effective_from = 2027-01-01T00:00:00Z

[clauses]
A-1 = "Work is done in the hours of the office."
A-2 = "Each severity has its time for the first answer."

[facts.severity]
values = [{values}]
initial = "{least}"
set = {{ PriorityChanged = "@to" }}

[calendars.office]
clause = "A-1"
timezone = "{zone}"
hours = {{ {week} }}

[clocks.first_response]
owes = "provider"
clause = "A-2"
starts = ["TicketCreated"]
stops = ["ResponseSent"]
cancels = ["TicketResolved"]
on_change = {{ severity = "restart" }}
targets = [
{rows}
]
"""

_CASE = """{"cases": [
  {"id": "A-c01", "clause": "A-1, A-2",
   "question": "A ticket of the gravest severity: does its clock run?",
   "given": {"severity": "SEVERITY"},
   "events": [{"at": "2027-01-04T10:00:00Z", "type": "TicketCreated"}],
   "ask": {"what": "clock", "clock": "first_response"},
   "expected": {"state": "running"},
   "why": "The opening of a ticket starts it."}
]}
"""
