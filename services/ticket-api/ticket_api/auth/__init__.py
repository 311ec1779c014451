"""Who asks, how far that role reaches, and the log of who looked at what."""
