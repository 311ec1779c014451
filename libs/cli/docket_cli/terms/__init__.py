"""Commands about the terms; those about a question need no database."""
