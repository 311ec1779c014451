"""What stands in the way of running the system on this machine."""


class Trouble(Exception):
    """Something that the person at the keyboard can put right; the message says what it is."""

    exit_code = 1
