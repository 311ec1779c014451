"""How much of a list is shown: one that is cut says so, its order, and how to get the rest."""


def extent(shown: int, total: int, *, order: str, rest: str) -> str:
    """Return how many of how many are shown; `rest` says how to get the others."""
    if shown >= total:
        return f"all {total:,}, {order}"
    return f"{shown:,} of {total:,}, {order}; the rest: {rest}"


def first_of(names: list[str] | tuple[str, ...], most: int) -> str:
    """Return the first names in a line, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
