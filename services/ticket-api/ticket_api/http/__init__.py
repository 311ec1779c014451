"""HTTP itself: requests, answers, problems, limits; nothing here knows what a ticket is."""
