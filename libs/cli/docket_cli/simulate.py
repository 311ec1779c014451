"""`docket simulate`: questions about the terms on stdin, answers on stdout, one line each."""

import sys

EXAMPLE = """Ask the terms: one JSON line in, one JSON line out; no database, no network.

A line names a pack, a history and asks; the answers come in the order of the asks. What cannot be
answered has `error` and `detail`, and the next line goes on. For example:

\b
  echo '{"id": "x", "pack": "R", "policy": {"product": "VMmanager 6"},
  "events": [{"at": "2026-06-08T09:00:00Z", "type": "TicketCreated"},
             {"at": "2026-06-08T09:00:00Z", "type": "RegistrationNoticeSent"}],
  "asks": [{"ask": "response_clock", "at": "2026-06-08T12:00:00Z"},
           {"ask": "command", "at": "2026-06-08T12:00:00Z", "command": "suspend",
            "actor": "user"}]}' | tr -d '\\n' | docket simulate

docs/simulation.md has every ask; conformance/README.md the questions with known answers.
"""


def simulate() -> None:
    from docket_simulation.answering import answer_line

    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            out.write(answer_line(line) + b"\n")
            out.flush()


simulate.__doc__ = EXAMPLE
