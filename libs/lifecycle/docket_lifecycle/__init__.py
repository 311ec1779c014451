"""The life of a ticket: what it is after a history (`fold`) and what may happen next (`decide`).

Pure, like the policies that it uses: no clock, no disk, no network. It is not part of ticket-api
because the simulation, the read model and the notices use it as well (decision 0003).
"""
