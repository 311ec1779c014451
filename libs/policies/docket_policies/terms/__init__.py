"""What an edition of the terms says: the policy, its readings, and how its data is loaded."""
