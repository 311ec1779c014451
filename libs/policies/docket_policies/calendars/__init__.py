"""When work is done: calendars, their open time, and counting in it; the `*.toml` are the calendars."""
