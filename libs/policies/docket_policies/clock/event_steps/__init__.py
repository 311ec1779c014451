"""What each kind of event does to the progress of a clock; `fold` takes them in order."""
