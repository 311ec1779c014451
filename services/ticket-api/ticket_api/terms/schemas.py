"""The shapes of answers about the terms: packs, clauses, simulations."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ticket_api.http.fields import Schema

MOST_ASKS = 100
MOST_EVENTS = 1000

QUESTION = {
    "id": "x",
    "pack": "R",
    "policy": {"product": "VMmanager 6"},
    "events": [
        {"at": "2026-06-08T09:00:00Z", "type": "TicketCreated"},
        {"at": "2026-06-08T09:00:00Z", "type": "RegistrationNoticeSent"},
    ],
    "asks": [{"ask": "response_clock", "at": "2026-06-08T12:00:00Z"}],
}
"""The question that the API documentation shows."""


class EditionState(Schema):
    revision: str
    effective_from: datetime | None
    clause: str
    counts_time: bool


class PackState(Schema):
    """One issuer's terms and their dated editions."""

    pack: str
    letter: str
    title: str
    revisions: list[EditionState]


class PackList(Schema):
    items: list[PackState]


class ClauseState(Schema):
    """A clause in our words, and what became of it in the code."""

    id: str
    pack: str
    kind: str
    says: str
    see: str | None = None
    implemented_at: str | None = None
    without_effect: str | None = None


class ReadingState(Schema):
    """How an unclear clause is read: the question, the answer chosen, and where it is data.

    `values` has by key of the editions' data which value each edition chooses.
    """

    id: str
    kind: Literal["reading"]
    says: str
    chosen: str
    clauses: list[str]
    example: str
    values: dict[str, dict[str, str]]


class Ask(BaseModel):
    """One thing that a question wants to know; the ask says which fields it has."""

    model_config = ConfigDict(extra="allow")

    ask: str = Field(max_length=100)


class Told(BaseModel):
    """An event of the history that a question tells."""

    model_config = ConfigDict(extra="allow")

    at: str = Field(description="RFC 3339", max_length=40)
    type: str = Field(max_length=100)
    data: dict[str, Any] = {}


class Question(BaseModel):
    """A question in the format of `docket simulate`; no ticket is touched, nothing is stored."""

    model_config = ConfigDict(extra="allow")

    id: Annotated[str, Field(max_length=200)] | int | float | None = None
    pack: Annotated[str, Field(max_length=200)] | None = None
    policy: dict[str, Any] = {}
    events: list[Told] = Field([], max_length=MOST_EVENTS)
    asks: list[Ask] = Field(max_length=MOST_ASKS)


class SimulationAnswer(Schema):
    """The answers in the order of the asks; one that cannot be given says `error` and `detail`."""

    id: str | int | float | None
    answers: list[dict[str, Any]] | None = None
    error: str | None = None
    detail: str | None = None
