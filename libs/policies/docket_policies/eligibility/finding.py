"""What one rule says about a question: supported or not, and by which clause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one rule; `more` are further fields of the answer."""

    supported: bool
    clause: str
    more: Mapping[str, Any] = field(default_factory=dict)
