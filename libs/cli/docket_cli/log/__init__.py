"""Commands that work on the log itself: verify, replay, export, import, dead letters."""
