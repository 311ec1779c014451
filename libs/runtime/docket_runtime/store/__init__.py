"""The event store: appending events, reading histories, following the log."""
