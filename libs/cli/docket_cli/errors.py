"""The error that a command ends with when the person at the keyboard can do something about it."""


class CliError(Exception):
    """Something that the person at the keyboard can put right; the message says what it is."""

    exit_code = 1
