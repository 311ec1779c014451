"""What one rule says about a question: supported or not, and by which clause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Subject = Literal["condition", "version", "system", "kind"]
"""What a rule is about; in this order the first that says no is named (C-69)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one rule; `says` is its sentence, `more` are further fields of the answer."""

    supported: bool
    clause: str
    more: Mapping[str, Any] = field(default_factory=dict)
    subject: Subject = "condition"
    says: str = ""
