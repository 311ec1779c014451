"""Accounts: their routes, the bodies of their commands, and their views."""
