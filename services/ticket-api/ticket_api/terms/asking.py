"""Simulations: what one may cost, and answering it in a process of its own."""

from typing import cast

from starlette.requests import Request as HttpRequest

from docket_runtime.settings import Settings
from ticket_api.http.problems import Problem
from ticket_api.http.worker import Worker
from ticket_api.terms.schemas import Question
from ticket_api.terms.simulation import answered


class Simulations:
    """Answers the questions of `docket simulate`, each within its cost, time and bytes."""

    def __init__(self, settings: Settings) -> None:
        self._worker = Worker(settings.simulation_s)
        self._most_cost = settings.simulation_cost
        self._most_bytes = settings.answer_bytes

    async def answer(self, question: Question) -> bytes:
        """Return the answer as JSON.

        Raise Problem 422 for a question that costs too much or whose answer is too long, 503 where
        it takes too long or others do.
        """
        cost = max(1, len(question.events)) * len(question.asks)
        if cost > self._most_cost:
            raise Problem(
                422,
                "too_costly",
                f"{len(question.events)} events times {len(question.asks)} asks are {cost}; "
                f"a question has at most {self._most_cost}",
            )
        asked = question.model_dump(exclude_unset=True)
        return await self._worker.ask(answered, asked, self._most_bytes)

    def close(self) -> None:
        """End the process of the questions."""
        self._worker.close()


def simulations_of(http: HttpRequest) -> Simulations:
    """Return the simulations of the application that got the request."""
    return cast(Simulations, http.app.state.simulations)
