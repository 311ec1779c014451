"""Commands that make, check and upgrade an installation: migrate, check, keys."""
