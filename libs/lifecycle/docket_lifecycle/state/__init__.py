"""What a history folds to: a ticket, its work, its account."""
