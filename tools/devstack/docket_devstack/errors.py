"""What keeps the local system from starting, in words for the person at the keyboard."""


class SetupError(Exception):
    """Something that the person at the keyboard can put right; the message says what it is."""
