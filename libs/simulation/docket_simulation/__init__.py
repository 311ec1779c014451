"""The terms asked from outside: a history and questions in, answers out, nothing stored.

`docket simulate`, `docket explain` and `POST /v1/simulations` are doors to this room. It is pure
like the rooms it asks: no clock, no disk, no network, so the same question always has the same
answer.
"""
