"""Refusals: a stable code, the clause on which it rests, and a sentence for people."""


class Refused(Exception):
    """The terms do not allow this now (409)."""

    def __init__(self, code: str, clause: str, detail: str) -> None:
        super().__init__(f"{code} ({clause}): {detail}")
        self.code = code
        self.clause = clause
        self.detail = detail


class NotEntitled(Refused):
    """The terms never allow this to that side (403)."""

    def __init__(self, clause: str, detail: str) -> None:
        super().__init__("actor_not_entitled", clause, detail)
