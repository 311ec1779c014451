"""Live streams of events, fed by one reader of the end of the log."""
