"""The events of a ticket's life, as they are stored and as the services exchange them.

The contract between the services is the storage format: what stands here is written into the log
and never changes its meaning. A new meaning is a new type; a new shape is a new schema version with
an upcaster in `codec`. This package is pure: no clock, no disk, no network.
"""
