"""What the API answers about other terms and about what comes due, as bytes of JSON.

It is written in the process of the long questions, for it may be long itself.
"""

from datetime import datetime
from typing import Any

import msgspec

from docket_simulation.what_if.forecast import Forecast
from docket_simulation.what_if.tally import Tally
from ticket_api.http.failure import Failure, bounded_answer


def what_if_answer(label: str, at: datetime, most: int, tally: Tally) -> bytes | Failure:
    """Return the answer to a supposition in at most so many bytes, or why there is none."""
    body = {"supposed": label, "at": at, "sum": tally.sum, **_plain(tally)}
    return bounded_answer(msgspec.json.encode(body), most)


def forecast_answer(most: int, ahead: Forecast) -> bytes | Failure:
    """Return the answer of a forecast in at most so many bytes, or why there is none."""
    hours = [_hour(each) for each in _plain(ahead.hours)]
    return bounded_answer(msgspec.json.encode({**_plain(ahead), "hours": hours}), most)


def _hour(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell of the forecast by the names of the API: `from` is no name in Python."""
    return {"from": cell["from_"], **{k: value for k, value in cell.items() if k != "from_"}}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, builtin_types=(datetime,))
