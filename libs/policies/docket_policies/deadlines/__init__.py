"""What time alone will make true: the timers of a ticket."""
