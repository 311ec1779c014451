"""What `docket verify` has found, for people and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from docket_cli import output
from docket_cli.log.outside import NO_COPY
from docket_proof.access import ACCESS
from docket_proof.check import Fault

WRONG, EVIDENCE_AWAY = 3, 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """The faults of a verification, and what it could not see."""

    found: Sequence[Fault]
    signatures_checked: bool
    copied: int
    away: Sequence[str]
    seconds: float
    cut: bool
    bytes_checked: bool
    whole: bool

    def tell(self, *, as_json: bool) -> None:
        """Print it; what is only said goes where it does not mix with the answer."""
        if as_json:
            output.print_json(
                {
                    "ok": not self.found and not self.away,
                    "faults": [asdict(fault) for fault in self.found],
                    "evidence_away": list(self.away),
                    "signatures_checked": self.signatures_checked,
                    "copied_checkpoints": self.copied,
                    "bytes_checked": self.bytes_checked,
                    "seconds": round(self.seconds, 3),
                }
            )
            return
        for fault in self.found:
            _line(f"{_where(fault)}: {fault.code}: {fault.detail}")
        for each in self.away:
            _line(f"evidence is away: {each}")
        if self.away:
            output.say("--no-copy verifies without a copy, --copy FILE against another one")
        for each in self._unseen():
            output.say(each)
        output.say(f"{self._verdict()}; {self.copied} copied checkpoints, {self.seconds:.1f} s")

    def _unseen(self) -> list[str]:
        """Return what was not looked at and is not away."""
        unseen = []
        if not self.signatures_checked and not self.away:
            unseen.append("no key is known (DOCKET_CHECKPOINT_KEYS): no signature was checked")
        if self.whole and not self.copied and not self.away:
            unseen.append(NO_COPY)
        if not self.bytes_checked:
            unseen.append("the bytes of files were not read")
        return unseen

    def _verdict(self) -> str:
        if self.found:
            many = f"{len(self.found)} or more" if self.cut else f"{len(self.found)}"
            return f"{many} things are wrong"
        if self.away:
            return "evidence is away; in what is there nothing was found"
        return "nothing is wrong"


def _where(fault: Fault) -> str:
    chain = "accesses" if fault.partition == ACCESS else f"partition {fault.partition}"
    where = "" if fault.position is None else f", position {fault.position}"
    whose = "" if fault.ticket_id is None else f", ticket {fault.ticket_id}"
    return f"{chain}{where}{whose}"


def _line(text: str) -> None:
    output.out.print(text, markup=False, highlight=False, soft_wrap=True)
