"""Accounts: their routes, the bodies of their commands, and what is shown of them."""
