"""The file of checkpoints outside the database: what the signer writes there, and changes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from docket_proof.checkpoint import Checkpoint, origin, signer
from docket_proof.note import BadNote
from docket_runtime.proof.copied_ends import greatest_number
from docket_runtime.proof.copies import Copied, Line, copies, differing, line_of
from docket_runtime.proof.stored_log import Signed

LOG = UUID(int=5)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OURS = signer(bytes(range(32)))


def written(size: int = 17, numbers: int | None = 1_201) -> str:
    """Return a line as the signer writes it, with its end."""
    note = OURS.sign(Checkpoint(origin(LOG, 0), size, bytes(32), numbers).text)
    return line_of(Line(NOW, size, note)) + "\n"


def read(text: str) -> list[Copied]:
    return copies(text, [OURS.verifier])


def found(text: str, honest: Copied) -> bool:
    """Tell whether the text is refused, or compared with the database is not what was signed."""
    assert honest.signed_at is not None
    kept = Signed(honest.checkpoint.size, honest.note, b"", honest.signed_at)
    try:
        copied = read(text)
    except BadNote:
        return True
    there = {each.checkpoint.origin for each in copied} == {honest.checkpoint.origin}
    faults = differing({honest.checkpoint.origin: (0, [kept])}, copied)
    return not there or next(faults, None) is not None


def flipped(line: str) -> Iterator[str]:
    """Yield the line with each bit of each of its bytes flipped, but for its end."""
    body = line.encode()
    for place in range(len(body) - 1):
        for bit in range(8):
            changed = bytearray(body)
            changed[place] ^= 1 << bit
            yield changed.decode(errors="replace")


def test_each_flipped_bit_of_a_line_is_found() -> None:
    line = written()
    (honest,) = read(line)

    assert not found(line, honest)
    assert [changed for changed in flipped(line) if not found(changed, honest)] == []


def test_the_greatest_number_that_was_given_out_is_signed() -> None:
    read_again = read(written(17, 1_201) + written(18, None) + written(19, 1_301))

    assert [each.checkpoint.numbers for each in read_again] == [1_201, None, 1_301]
    assert greatest_number(read_again) == 1_301
