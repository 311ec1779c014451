"""Why a question has no answer, in a shape that goes from one process to another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """The code and the detail of the problem to answer with."""

    code: str
    detail: str


def bounded_answer(body: bytes, most: int) -> bytes | Failure:
    """Return a body, or why it is none: it has more than `most` bytes."""
    if len(body) <= most:
        return body
    return Failure("answer_too_large", f"the answer has {len(body)} bytes, more than {most}")
