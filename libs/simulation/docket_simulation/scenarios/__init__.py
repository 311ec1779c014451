"""A scenario: the terms and the history that a question brings along."""
