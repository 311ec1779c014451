"""What may be asked of a scenario: the clock, a command, a calendar."""
