"""From the data of an edition to its readings and those of each earlier version (decision 0028)."""

from typing import Any

from docket_policies.terms.readings import ALLOWED, AMBIGUITY, UNREAD, Readings
from docket_policies.terms.table import Table
from docket_policies.terms.values import positive


def versions_of_readings(pack: Table, *, counts: bool) -> dict[str, Any]:
    """Return the readings, and those of each earlier version, which says how it differs.

    Terms that do not count time have one version, in which nothing is read. Raises BadPack.
    """
    if not counts:
        return {"readings_version": 1, "readings": UNREAD, "earlier_readings": {}}
    version, later = positive(pack, "readings_version"), _readings(pack.child("readings"), None)
    current, earlier = later, dict[int, Readings]()
    for row in pack.rows("earlier_readings"):
        number = positive(row, "version")
        if number != version - len(earlier) - 1:
            raise row.bad("version", f"it is version {version - len(earlier) - 1}, newest first")
        earlier[number] = later = _readings(row, later)
    if len(earlier) != version - 1:
        raise pack.bad("earlier_readings", f"the {version - 1} versions before this one are needed")
    return {"readings_version": version, "readings": current, "earlier_readings": earlier}


def _readings(table: Table, later: Readings | None) -> Readings:
    chosen: dict[str, Any] = {}
    for name, allowed in ALLOWED.items():
        value = table.value(name, str, None if later is None else getattr(later, name))
        if value not in allowed:
            raise table.bad(name, f"{AMBIGUITY[name]} is read as one of {', '.join(allowed)}")
        chosen[name] = value
    table.done()
    return Readings(**chosen)
