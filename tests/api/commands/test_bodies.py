"""Every verb has its body, and the example that the documentation shows of it makes its command."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from docket_lifecycle import commands
from docket_lifecycle.commands import verb_of
from every_command import TERMS
from ticket_api.commands.bodies import TICKET_BODIES
from ticket_api.commands.drafts import Drafts
from ticket_api.http.requests import read_body

TICKET = UUID("01978a6e-6c00-7000-8def-0123456789ab")
OF_THEIR_OWN = {"create"}
"""Commands that need more than a body and a ticket."""


@pytest.mark.parametrize("verb", TICKET_BODIES)
def test_the_example_of_a_verb_makes_its_command(verb):
    body = TICKET_BODIES[verb]

    said = body.model_validate_json(body.model_validate(body.example).model_dump_json())
    drafts = Drafts(TICKET, numbers=[f"DKT-{n}" for n in range(said.makes)])

    assert verb_of(said.command(drafts)) == verb


@pytest.mark.parametrize(
    "terms",
    TERMS.values(),
    ids=lambda t: t.letter,
)
def test_every_command_that_a_pack_grants_on_one_ticket_has_a_body(terms):
    assert set(terms.capabilities) - OF_THEIR_OWN <= set(TICKET_BODIES)


def test_an_instant_is_taken_in_whole_seconds_of_utc():
    body = TICKET_BODIES["set-deadline"].model_validate({"deadline": "2026-07-01T14:00:00.7+02:00"})

    deadline = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert body.command(Drafts(TICKET)) == commands.SetDeadline(deadline)


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("set-deadline", {"deadline": "2026-07-01T12:00:00"}),
        ("set-deadline", {"deadline": "0001-01-01T00:00:00+02:00"}),
        ("schedule-operation", {}),
        ("extend-period", {"seconds": 0}),
        ("extend-period", {"seconds": 10**18}),
        ("assign", {}),
        ("grant-access", {"form": "spoken"}),
        ("note", {"text": "a\x00b"}),
        ("forward", {"kind": "rumour"}),
        ("split", {"parts": [], "reason": "none"}),
        ("split", {"parts": [{}]}),
        ("merge", {"sources": []}),
        ("merge", {"sources": ["DKT-1"]}),
    ],
)
def test_what_makes_no_command_is_refused(verb, said):
    with pytest.raises(ValidationError):
        TICKET_BODIES[verb].model_validate(said)


@pytest.mark.parametrize("verb", [verb for verb, body in TICKET_BODIES.items() if body.example])
def test_the_example_of_a_verb_is_read_as_it_comes(verb):
    """A body is JSON: what strictness makes of Python values says nothing about it."""
    body = TICKET_BODIES[verb]

    assert read_body(body, json.dumps(body.example).encode()) == body.model_validate(body.example)
