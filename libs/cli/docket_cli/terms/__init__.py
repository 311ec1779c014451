"""Commands that ask the terms; they need no database."""
