"""The response clock: what a history makes of the time that the terms give."""
