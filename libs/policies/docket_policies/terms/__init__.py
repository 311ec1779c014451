"""What an edition of support terms says: the policy, its readings, and how its data is loaded."""
