"""The life of a ticket: what it is after a history (`fold`) and what may happen next (`decide`).

Pure, like the terms it asks: no clock, no disk, no network. It stands beside the policies and not
inside ticket-api because the simulation, the read model and the notices ask it as well
(decision 0003).
"""
