"""Answering a simulation as bytes of JSON, in the process of the long questions.

It imports no more than it needs, because that process begins with it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from docket_simulation.simulator import answer, written_out
from ticket_api.http.failure import Failure, bounded_answer


def answered(question: Mapping[str, Any], most: int) -> bytes | Failure:
    """Return the answer to a question in at most so many bytes, or why there is none."""
    return bounded_answer(msgspec.json.encode(written_out(answer(question))), most)
