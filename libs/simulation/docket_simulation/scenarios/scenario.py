"""One line of a simulation: a history under some terms, read when an ask needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast

from docket_events.recorded import Fact
from docket_events.ticket import Priority, TicketCreated
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import UnknownPack
from docket_policies.terms.loader import (
    UnknownOffer,
    edition,
    policy,
    revision_in_force,
    with_special_conditions,
)
from docket_policies.terms.policy import Policy
from docket_policies.terms.readings import ALLOWED
from docket_policies.terms.table import BadPack
from docket_simulation.scenarios.history import history_of, just_created
from docket_simulation.scenarios.limits import instant_of

_NO_EVENT = datetime.max.replace(tzinfo=UTC)


class Scenario:
    """A line: `pack`, `policy` and `events`; each is checked when it is used.

    `policy` may name product, service_level, special_conditions, revision and other readings
    (`readings`, name -> value, or an earlier `readings_version`); the edition is the one in force
    when the ticket was created.
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = Question(told)

    @cached_property
    def pack(self) -> str:
        """Return the pack by the name given; raise Unanswerable."""
        return self._told.text("pack")

    @cached_property
    def about(self) -> Question:
        """Return product and level of the line; raise Unanswerable."""
        told = self._told.raw("policy") if self._told.says("policy") else {}
        if not isinstance(told, Mapping):
            raise Unanswerable("field_wrong", "policy: give a table")
        return Question(told)

    @cached_property
    def terms(self) -> Policy:
        """Return the terms; raise Unanswerable when there are none."""
        about = self.about
        try:
            revision = (
                about.text("revision")
                if about.says("revision")
                else revision_in_force(self.pack, self._since)
            )
            version = about.number("readings_version") if about.says("readings_version") else None
            if not edition(self.pack, revision)[0].products:
                terms = policy(self.pack, revision, readings_version=version)
            else:
                level = about.text("service_level") if about.says("service_level") else None
                terms = policy(self.pack, revision, about.text("product"), level, version)
            if about.says("special_conditions"):
                terms = with_special_conditions(terms, _conditions(about))
        except UnknownOffer as unknown:
            raise Unanswerable("unknown_offer", str(unknown)) from None
        except UnknownPack as unknown:
            raise Unanswerable("unknown_pack", str(unknown)) from None
        except BadPack as wrong:
            raise Unanswerable("special_conditions_wrong", str(wrong)) from None
        if about.says("readings"):
            terms = with_readings(terms, _table(about, "readings"))
        return terms

    def fields(self, ask: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an ask, with the line's own pack and product where it has none."""
        policy = self._told.raw("policy") if self._told.says("policy") else {}
        pack = {"pack": self.pack} if self._told.says("pack") else {}
        return {**pack, **(policy if isinstance(policy, Mapping) else {}), **ask}

    @cached_property
    def history(self) -> tuple[Fact, ...]:
        """Return all events in time order; raise Unanswerable with the one that is wrong."""
        return history_of(self._events, self.terms, self.created)

    def told_until(self, at: datetime) -> tuple[Fact, ...]:
        """Return the events of the question that have happened at an instant."""
        return tuple(fact for fact in self.history if fact.occurred_at <= at)

    def history_until(self, at: datetime) -> tuple[Fact, ...]:
        """Return the history at an instant of the ticket that commands are asked about.

        A question without events is about a ticket that has just been created and registered; one
        without a creation is about a ticket created with its first event.
        """
        if not self.history:
            return just_created(at, self.terms, self.created)
        history = self.told_until(at)
        if any(isinstance(fact.event, TicketCreated) for fact in self.history) or not history:
            return history
        created, _ = just_created(history[0].occurred_at, self.terms, self.created)
        return (created, *history)

    def beside(self, events: Sequence[Any]) -> "Scenario":
        """Return another ticket under the same terms."""
        other = Scenario({"pack": self.pack, "events": events})
        other.about, other.terms = self.about, self.terms
        return other

    def instant(self, asked: Question) -> datetime:
        """Return the instant an ask is about, that of the last event unless it says `at`."""
        if asked.says("at"):
            return instant_of(asked, "at")
        if self.history:
            return self.history[-1].occurred_at
        raise Unanswerable("field_missing", "at: say when, there is no event")

    @property
    def _events(self) -> Sequence[Any]:
        return self._told.items("events") if self._told.says("events") else ()

    @property
    def _since(self) -> datetime:
        first = self._events[0] if self._events else None
        at = first.get("at") if isinstance(first, Mapping) else None
        return _NO_EVENT if at is None else Question({"at": at}).instant("at")

    @property
    def created(self) -> Mapping[str, Any]:
        """Return what the line says of a ticket outside of its events: product, level, plan."""
        about = self.about
        said = {
            key: about.text(key) for key in ("product", "service_level", "plan") if about.says(key)
        }
        return {"product": "", **said}


def with_readings(terms: Policy, other: Mapping[str, Any]) -> Policy:
    """Return the terms with other readings of ambiguous clauses; raise Unanswerable."""
    check_readings(other)
    return replace(terms, readings=replace(terms.readings, **other))


def check_readings(other: Mapping[str, Any]) -> None:
    """Raise Unanswerable unless these are readings and values that they can have."""
    for name, value in other.items():
        if name not in ALLOWED:
            raise Unanswerable("unknown_reading", f"no reading {name!r}; there is {_list(ALLOWED)}")
        if value not in ALLOWED[name]:
            raise Unanswerable("unknown_reading", f"{name} is read as {_list(ALLOWED[name])}")


def _table(question: Question, key: str) -> Mapping[str, Any]:
    value = question.raw(key)
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise Unanswerable("field_wrong", f"{key}: give a table")
    return value


def _conditions(about: Question) -> Mapping[Priority, Mapping[str, Any]]:
    conditions = _table(about, "special_conditions")
    if not all(isinstance(agreed, Mapping) for agreed in conditions.values()):
        raise Unanswerable("special_conditions_wrong", "give hours and calendar by priority")
    return cast("Mapping[Priority, Mapping[str, Any]]", conditions)  # the callee checks the names


def _list(names: Mapping[str, Any] | Sequence[str]) -> str:
    return ", ".join(names)
