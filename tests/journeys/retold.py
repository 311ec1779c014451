"""A ticket on its journey: what its clock showed on the way is asked of `docket simulate` again."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from house import Caller, House

from alike import without_versions

ABOUT_NOTICES = {"NoticeSent", "DeskNoticeSent", "ResponseDueSoon"}
"""Events of a history that no step of a journey causes by itself."""
ASKS = ("response_clock", "addressing_time", "timers")


@dataclass
class Journey:
    """One ticket in a house; `desk` reads all of it."""

    house: House
    ticket: str
    desk: Caller
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)

    def clock(self, state: str, clause: str, **expected: Any) -> None:
        """Assert what the clock shows now; it is asked of `docket simulate` again in the end."""
        told = self.desk.get(f"/v1/tickets/{self.ticket}/clock")
        self.shown[told["at"]] = told
        clock = told["response_clock"]
        seen = {name: clock[name] for name in expected}
        assert (clock["clock_state"], clock["clause"], seen) == (state, clause, expected)

    def state(self) -> dict[str, Any]:
        """Return the ticket as the desk sees it."""
        return dict(self.desk.get(f"/v1/tickets/{self.ticket}"))

    def steps(self) -> list[tuple[str, str]]:
        """Return what happened and when, without the notices between the steps."""
        return [
            (event["type"], event["at"])
            for event in self.desk.history(self.ticket)
            if event["type"] not in ABOUT_NOTICES
        ]

    def assert_retold(self) -> None:
        """Tell the history to `docket simulate`: at every station it shows the same clocks."""
        ticket = self.state()
        about = {name: ticket[name] for name in ("product", "service_level") if ticket[name]}
        events = [
            {name: event[name] for name in ("at", "type", "data")}
            for event in self.desk.history(self.ticket)
        ]
        question = {
            "id": self.ticket,
            "pack": ticket["pack"],
            "policy": {**about, "revision": ticket["revision"]},
            "events": events,
            "asks": [{"ask": ask, "at": at} for at in self.shown for ask in ASKS],
        }
        answers = iter(_simulated(question)["answers"])
        for at, told in self.shown.items():
            clock, addressing, timers = next(answers), next(answers), next(answers)
            assert clock == without_versions(told["response_clock"]), at
            assert addressing == told["addressing_time"], at
            assert timers["answer"] == told["deadlines"], at


def _simulated(question: dict[str, Any]) -> dict[str, Any]:
    asked = subprocess.run(
        [sys.executable, "-m", "docket_cli", "simulate"],
        input=json.dumps(question).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return dict(json.loads(asked.stdout))


def begin(house: House, at: str, by: Caller, **about: Any) -> Journey:
    """Let somebody open a ticket at an instant, and wait for its registration notice."""
    house.at(at)
    body = {"product": "VMmanager 6", "contact": {"email": "ann@acme.example"}, **about}
    made = by.post("/v1/tickets", **body)
    assert made.status_code == 201, made.text
    journey = Journey(house, made.json()["id"], house.caller("agent", "max"))
    journey.desk.sees(journey.ticket, "RegistrationNoticeSent")
    return journey
