"""One command is one story in a collector, from the caller's own span to the mail (O-17)."""

import re
from email.message import EmailMessage

from house import HTTP, House, eventually

from collector import Collector, collecting

CALLERS_TRACE, CALLERS_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TICKET = {
    "product": "VMmanager 6",
    "subject": "Nodes",
    "description": "No node answers.",
    "contact": {"email": "ann@example.org"},
}


def opened(house: House, traceparent: str) -> str:
    """Open a ticket within a trace of the caller's own; return the id that the answer names."""
    ann = house.caller("customer", "ann", "acme")
    headers = {"Authorization": f"Bearer {ann.token}", "traceparent": traceparent}
    answer = HTTP.post(f"{ann.url}/v1/tickets", json=TICKET, headers=headers)
    assert answer.status_code == 201, answer.text
    eventually(lambda: house.mailboxes.about("registered"), "the mail of the registration")
    return answer.headers["x-request-id"]


def only(collector: Collector, name: str, trace: str | None = None):
    """Return the one span of a name, in a trace."""
    (found,) = (span for span in collector.named(name) if trace in (None, span.trace))
    return found


def test_one_command_is_one_story_from_request_to_mail(house: House) -> None:
    with collecting() as collector:
        house.more["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.address
        house.start()
        named = opened(house, f"00-{CALLERS_TRACE}-{CALLERS_SPAN}-01")
        house.stop()

    request = only(collector, "POST /v1/tickets")
    created = only(collector, "TicketCreated", CALLERS_TRACE)
    told = only(collector, "RegistrationNoticeSent", CALLERS_TRACE)
    notice, mail = only(collector, "notice registration"), only(collector, "send mail")

    assert named == CALLERS_TRACE
    assert (request.trace, request.parent) == (CALLERS_TRACE, CALLERS_SPAN)
    assert (created.service, created.parent) == ("ticket-api", request.id)
    assert (told.service, told.parent) == ("notifier", created.id)
    assert (mail.trace, mail.parent) == (notice.trace, notice.id)
    assert created.place in notice.links
    assert notice.place in told.links
    assert any(created.place in span.links for span in collector.named("append_batch"))
    assert any(created.place in span.links for span in collector.named("publish docket.events"))
    handled = [
        span
        for span in collector.named("process docket.notifier")
        if created.place in span.links and span.place == (notice.trace, notice.parent)
    ]
    assert len(handled) == 1, "the notice was owed because of the message"
    assert {span.service for span in collector.spans} == {"ticket-api", "sla-clock", "notifier"}

    (letter,) = house.mailboxes.about("registered")
    assert letter["Traceparent"] == f"00-{created.trace}-{created.id}-01"
    assert_nothing_personal(collector, letter)


def test_a_header_that_is_no_traceparent_begins_a_trace_of_our_own(house: House) -> None:
    with collecting() as collector:
        house.more["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.address
        house.start()
        named = opened(house, f"00-{'0' * 32}-{CALLERS_SPAN}-01")
        house.stop()

    request = only(collector, "POST /v1/tickets")
    assert (request.trace, request.parent) == (named, "")
    assert only(collector, "TicketCreated", named).parent == request.id
    assert request.values["http.response.status_code"] == 201
    assert request.values["docket.role"] == "customer"


def assert_nothing_personal(collector: Collector, letter: EmailMessage) -> None:
    said = str(collector.spans)
    assert not re.findall(r"ann|acme|example\.org|Nodes|No node", said)
    assert letter["To"] == "ann@example.org"
