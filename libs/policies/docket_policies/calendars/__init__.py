"""When work is done: calendars (`*.toml`), their open time, and counting in it."""
