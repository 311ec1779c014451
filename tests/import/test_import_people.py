"""What people wrote and who they are: texts beside the log, names without addresses."""

from dataclasses import replace
from uuid import UUID

import pytest
from told_cases import (
    CREATED,
    ELEVEN,
    NINE,
    TEN,
    case_of,
    told,
)

from docket_events import codec
from docket_events.recorded import Actor
from docket_events.ticket import (
    TicketCreated,
)
from docket_import import helpdesk
from docket_import.cases import Case
from docket_import.contents import Contents
from docket_import.fault import BadLine
from docket_import.mapping import history_of
from docket_import.rules import ImportRules


def test_texts_and_the_address_become_contents_and_are_in_no_event() -> None:
    created = helpdesk.TicketCreated(
        "Email", "4 - Low", subject="Ann's clinic", description="is down", email="ann@ACME.example",
        name="Ann",
    )  # fmt: skip
    lines = [
        (NINE, created),
        (TEN, helpdesk.InformationRequested("Which node?")),
        (TEN, helpdesk.InformationProvided("Node 3.")),
        (TEN, helpdesk.Responded("Restarted.")),
        (TEN, helpdesk.Commented("Thanks")),
        (TEN, helpdesk.Noted("again that node")),
        (TEN, helpdesk.Closed(text="It works.")),
        (ELEVEN, helpdesk.Reopened("It does not.")),
    ]
    contents = Contents(UUID(int=7))

    history = history_of(case_of(*lines), ImportRules("desk"), contents)

    assert [(each.kind, each.body.decode()) for each in contents.drafted] == [
        ("subject", "Ann's clinic"),
        ("description", "is down"),
        ("contact", '{"email":"ann@acme.example","name":"Ann"}'),
        ("request", "Which node?"),
        ("information", "Node 3."),
        ("response", "Restarted."),
        ("comment", "Thanks"),
        ("note", "again that node"),
        ("closing", "It works."),
        ("objection", "It does not."),
    ]
    stored = b"".join(codec.encode(fact.event) for fact in history).decode()
    for content in contents.drafted:
        assert str(content.id) in stored
        assert content.body.decode() not in stored
    assert "acme.example" not in stored


def test_an_address_that_is_none_is_refused() -> None:
    wrong = helpdesk.TicketCreated("Email", "4 - Low", email="ann at acme")

    with pytest.raises(BadLine, match=r"line 1, data\.email"):
        told((NINE, wrong))


def test_people_are_named_as_those_for_whom_the_import_tells() -> None:
    """An import says who did what; it does not act as that person."""
    case = case_of((NINE, CREATED), (TEN, helpdesk.Responded()), (ELEVEN, helpdesk.Suspended()))
    lines = [replace(line, agent="Max Mustermann") for line in case.lines]

    history = history_of(Case("INC1", tuple(lines), b""), ImportRules("desk"))

    told_for = {type(fact.event).__name__: fact.actor for fact in history}
    assert told_for["TicketCreated"] == Actor("import", "desk", "caller-2403")
    assert told_for["TicketImported"] == Actor("import", "desk")
    assert told_for["ResponseSent"] == Actor("import", "desk", "max-mustermann")
    assert told_for["TicketSuspended"] == Actor("import", "desk", "caller-2403")


def test_a_mail_address_as_a_persons_name_is_not_told() -> None:
    created = helpdesk.TicketCreated("Email", "4 - Low", caller_id="Ann@acme.example")
    (_, first), *_ = told((NINE, created))
    (_, again), *_ = told(
        (NINE, helpdesk.TicketCreated("Email", "4 - Low", caller_id="ann@acme.example"))
    )

    assert isinstance(first, TicketCreated)
    assert isinstance(again, TicketCreated)
    assert first.requester_id == again.requester_id
    assert first.requester_id.startswith("person-")
