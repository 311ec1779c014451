"""The files of tickets: announced, sent in parts, fetched, and removed when they are erased."""
