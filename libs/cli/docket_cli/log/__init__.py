"""Commands that work on the log itself: verify, replay, rebuild, export, import, dead letters."""
