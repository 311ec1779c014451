"""Words that a text of a user may hold: whole ones, in any case and with any space between."""

import re
from functools import lru_cache


def holds(text: str, words: str) -> bool:
    """Return whether a text has these words one after another, none as a part of another word."""
    return _pattern(words).search(text) is not None


@lru_cache(maxsize=256)
def _pattern(words: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)", re.IGNORECASE)
