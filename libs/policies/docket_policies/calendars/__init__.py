"""When work is done: calendars as data (`*.toml`), their open time, and counting in it."""
