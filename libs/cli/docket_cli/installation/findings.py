"""What a check of an installation has found."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, in a sentence, and what to do about it where it is not well."""

    check: str
    state: State
    says: str
    do: str | None = None

    def told(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    def line(self) -> str:
        """Return it as people read it."""
        what = f"{self.says}: {self.do}" if self.do else self.says
        return f"{self.state:<8} {self.check:<11} {what}"


def ok(check: str, says: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(check, "ok", says)


def warning(check: str, says: str, do: str) -> Finding:
    """Return that something works and should be looked after."""
    return Finding(check, "warning", says, do)


def fault(check: str, says: str, do: str | None = None) -> Finding:
    """Return that something does not work, or is refused."""
    return Finding(check, "fault", says, do)
