"""The simulation: a history and questions in, answers out, nothing stored.

`docket simulate`, `docket explain` and `POST /v1/simulations` call this package. It is pure like
the packages it uses: no clock, no disk, no network, so the same question always has the same
answer.
"""
