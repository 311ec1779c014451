"""The silence of the user after a message of the provider (I-3.6, C-33, C-64)."""

from datetime import datetime

from docket_policies.terms.policy import Policy


class Silence:
    """Since when the user has been silent, None while silence does not count.

    `responded` says that the provider's last act in the conversation was a response.
    """

    __slots__ = ("_only_alone", "responded", "since")

    def __init__(self, policy: Policy) -> None:
        self._only_alone = policy.readings.silence == "nothing_awaited"
        self.responded = False
        self.since: datetime | None = None

    def told(self, at: datetime) -> None:
        """Note a message of the provider to the user: the silence counts from here."""
        self.since = at

    def heard(self) -> None:
        """Note that the user wrote."""
        self.since = None

    def broken(self) -> None:
        """Note that something else is awaited: the next message counts, not its end (C-64)."""
        if self._only_alone:
            self.since = None

    def interim(self, at: datetime, *, user_has_ball: bool, forwarded: bool) -> None:
        """Note a comment of the provider, which changes no turn."""
        counts = user_has_ball if self._only_alone else self.since is not None or forwarded
        if counts:
            self.since = at
