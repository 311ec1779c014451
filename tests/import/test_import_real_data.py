"""The real helpdesk log: every case of it becomes a ticket that the lifecycle understands."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from docket_devstack.workspace import PROJECT
from docket_events import codec
from docket_events.ticket import ObjectionAccepted, TicketImported
from docket_import.cases import Survey, cases_of, survey
from docket_import.loading import _beside
from docket_import.mapping import history_of
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Final
from docket_runtime.new_ids import new_id

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
WHOLE = PROJECT.parent / "shared/data/uci-incidents/events.jsonl.gz"

# The whole data is checked where it lies beside the project; the sample travels with it.
FILES = [path for path in (SAMPLE, WHOLE) if path.exists()]
CASES = {SAMPLE: 300, WHOLE: 24_918}
REOPENINGS = {SAMPLE: 32, WHOLE: 331}


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.name)
def surveyed(request: pytest.FixtureRequest) -> Survey:
    path: Path = request.param
    return survey(path)


def test_every_case_becomes_a_ticket_that_ends(surveyed: Survey) -> None:
    tickets = 0
    reopenings = 0

    for case in cases_of(surveyed):
        history = history_of(case, "uci-498")
        ticket = fold(UUID(int=1), history)
        times = [fact.occurred_at for fact in history]

        assert ticket is not None
        assert isinstance(ticket.phase, Final), case.id
        assert ticket.version == len(history)
        assert ticket.imported is not None
        assert history[1].event == TicketImported("uci-498", case.id)
        assert ticket.registered_at == ticket.created_at
        assert not ticket.open_requests
        assert times == sorted(times)
        tickets += 1
        reopenings += sum(isinstance(fact.event, ObjectionAccepted) for fact in history)

    assert tickets == CASES[surveyed.path]
    assert reopenings == REOPENINGS[surveyed.path]


def test_every_event_is_read_back_as_it_was_written(surveyed: Survey) -> None:
    types: Counter[str] = Counter()

    for case in cases_of(surveyed.first(300)):
        for fact in history_of(case, "uci-498"):
            event = _beside(fact.event, new_id(), [])
            name, body = codec.type_of(event), codec.encode(event)
            assert codec.decode(name, codec.schema_version_of(event), body) == event
            types[name] += 1

    assert types["TicketCreated"] == types["RegistrationNoticeSent"] == 300


def test_the_sample_has_every_kind_of_event_that_an_import_can_write() -> None:
    types = {
        codec.type_of(fact.event)
        for case in cases_of(survey(SAMPLE))
        for fact in history_of(case, "uci-498")
    }

    assert types == {
        "ClosureBecameFinal",
        "ClosureDecided",
        "ClosureNoticeSent",
        "InformationProvided",
        "InformationRequested",
        "ObjectionAccepted",
        "PriorityChanged",
        "ProductTeamEscalated",
        "ProductTeamReturned",
        "RegistrationNoticeSent",
        "ResponseSent",
        "ThirdPartyResponseReceived",
        "ThirdPartyWaitStarted",
        "TicketCreated",
        "TicketImported",
        "TicketRegisteredInClientArea",
        "TicketResumed",
        "TicketSuspended",
    }
