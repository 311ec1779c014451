"""`docket simulate`: questions about the terms on stdin, answers on stdout, one line each."""

import sys

EXAMPLE = """Ask the terms: one JSON line in, one JSON line out; no database, no network.

A line names a pack, a history and asks; the answers come in the order of the asks. What cannot be
answered has `error` and `detail` in its place, and the next line goes on. For example:

\b
  tr -d '\\n' <<'LINE' | docket simulate
  {"id": "x", "pack": "R", "policy": {"product": "VMmanager 6"},
   "events": [
    {"at": "2026-06-08T09:00:00Z", "type": "TicketCreated"},
    {"at": "2026-06-08T09:00:00Z", "type": "RegistrationNoticeSent"}],
   "asks": [
    {"ask": "response_clock", "at": "2026-06-08T12:00:00Z"},
    {"ask": "command", "command": "suspend", "actor": "user",
     "at": "2026-06-08T12:00:00Z"}]}
  LINE

conformance/README.md names every ask and holds questions with known answers.
"""


def simulate() -> None:
    from docket_events.characters import inert_json
    from docket_simulation.simulator import answer_line

    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            out.write(inert_json(answer_line(line).decode()).encode() + b"\n")
            out.flush()


simulate.__doc__ = EXAMPLE
