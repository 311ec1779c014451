"""The message bus: topology, the relay from the log, dead letters."""
