"""Random tickets for the laws: a history, when to ask about it, and by which terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st
from random_histories import histories

from docket_events.recorded import Fact
from docket_events.teams import DeveloperConsultationStarted
from docket_events.ticket import ProductTeamEscalated
from docket_policies.terms.loader import policy
from docket_policies.terms.policy import Policy

HANDED_ON = (ProductTeamEscalated, DeveloperConsultationStarted)
"""What lets other hours count than the target's: the laws of one calendar leave it out."""


@dataclass(frozen=True, slots=True)
class Told:
    """A history, when to ask about it, and by which terms: pack, edition, product, level."""

    history: tuple[Fact, ...]
    now: datetime
    edition: tuple[str, str, str | None, str | None]

    @property
    def terms(self) -> Policy:
        return policy(*self.edition)


@st.composite
def tickets(draw: st.DrawFn, pack: str) -> Told:
    history, now, terms, _ = draw(histories(pack, dense=False))
    product = terms.products[0] if terms.products else None
    edition = terms.letter, terms.revision, product, terms.service_level
    assert policy(*edition) == terms
    return Told(history, now, edition)


def without(history: Sequence[Fact], *kinds: type) -> tuple[Fact, ...]:
    return tuple(fact for fact in history if not isinstance(fact.event, kinds))
