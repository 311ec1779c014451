"""Answers to requests for information: on the way, arrived, rejected (C-05, C-56)."""

from datetime import datetime, timedelta

from docket_policies.terms.readings import Readings


class Answers:
    """What came to the requests of a ticket; instants are seconds since 1970.

    `uploading` are the requests whose answer is on the way.
    """

    __slots__ = ("_arrived_at", "_lay_s", "_readings", "_until", "uploading")

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._arrived_at: dict[str, int] = {}
        self._lay_s: dict[str, int] = {}
        self._until: dict[str, datetime] = {}
        self.uploading: set[str] = set()

    def begins(self, request: str, upload_pending: bool) -> bool:
        """Note an answer; return whether its files are still on the way (R-1.14)."""
        if upload_pending and self._readings.upload == "end_of_transfer":
            self.uploading.add(request)
            return True
        return False

    def arrived(self, request: str, at: int) -> None:
        """Note that an answer has arrived whole: from now on it lies with the provider."""
        self._arrived_at[request] = at

    def rejected(self, request: str, at: int, until: datetime | None) -> None:
        """Note that an answer was rejected; how long it lay with the provider adds up.

        `until` is what the rejection says of the time to answer, where it says it.
        """
        self.uploading.discard(request)
        arrived = self._arrived_at.pop(request, None)
        if until is not None:
            self._until[request] = until
        if arrived is not None:
            self._lay_s[request] = self._lay_s.get(request, 0) + at - arrived

    def lengthened(self, request: str, deadline: datetime) -> datetime:
        """Return until when an answer is valid that was first due at a deadline (C-56)."""
        if self._readings.rejected != "vendor_time_apart":
            return deadline
        return self._until.get(request) or deadline + timedelta(seconds=self._lay_s.get(request, 0))
