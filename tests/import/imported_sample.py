"""The sample of another helpdesk that tests import, and the database that they import it into."""

from typing import Protocol

from docket_devstack.workspace import PROJECT

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
CASES, LINES, EVENTS = 300, 1_438, 3_223


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...
