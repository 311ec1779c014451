"""The Merkle tree of RFC 9162 over the hashes of a partition, grown leaf by leaf in flat memory.

Leaf n is the hash of position n + 1. A tree that only grows is kept as its frontier: the roots of
the complete subtrees of which it consists, at most one a level.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY = sha256(b"").digest()


class Subtree(NamedTuple):
    """A complete subtree of 2 ** level leaves."""

    level: int
    hash: bytes


def leaf(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree as far as it has grown: its complete subtrees, the largest first."""

    def __init__(self, subtrees: Sequence[Subtree] = ()) -> None:
        self._subtrees = list(subtrees)

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return sum(1 << subtree.level for subtree in self._subtrees)

    @property
    def subtrees(self) -> tuple[Subtree, ...]:
        """Return the complete subtrees, the largest first."""
        return tuple(self._subtrees)

    @property
    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self._subtrees:
            return EMPTY
        *before, last = (subtree.hash for subtree in self._subtrees)
        for left in reversed(before):
            last = node(left, last)
        return last

    @property
    def packed(self) -> bytes:
        """Return the frontier as bytes: 33 for each subtree."""
        return b"".join(bytes((each.level,)) + each.hash for each in self._subtrees)

    @classmethod
    def unpacked(cls, packed: bytes) -> "Frontier":
        """Return the frontier from the bytes that `packed` returns; raise ValueError."""
        if len(packed) % 33:
            raise ValueError("a frontier has 33 bytes for each subtree")
        parts = (packed[n : n + 33] for n in range(0, len(packed), 33))
        return cls([Subtree(part[0], part[1:]) for part in parts])

    def add(self, data: bytes) -> None:
        """Grow by one leaf."""
        self.add_subtree(Subtree(0, leaf(data)))

    def add_subtree(self, subtree: Subtree) -> None:
        """Grow by a complete subtree; raise ValueError where one of its size does not fit."""
        stack = self._subtrees
        if subtree.level < 0 or (stack and stack[-1].level < subtree.level):
            raise ValueError(f"a subtree of level {subtree.level} does not begin at {self.size}")
        while stack and stack[-1].level == subtree.level:
            subtree = Subtree(subtree.level + 1, node(stack.pop().hash, subtree.hash))
        stack.append(subtree)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the data of leaves."""
    frontier = Frontier()
    for data in leaves:
        frontier.add(data)
    return frontier.root


def inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the path from a leaf to the root (RFC 9162, 2.1.3.1); raise IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves has no leaf {index}")
    if len(leaves) == 1:
        return ()
    half = _half(len(leaves))
    if index < half:
        return (*inclusion(leaves[:half], index), root_of(leaves[half:]))
    return (*inclusion(leaves[half:], index - half), root_of(leaves[:half]))


def consistency(leaves: Sequence[bytes], earlier: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of the first `earlier` leaves has only grown since.

    RFC 9162, 2.1.4.1. Raise ValueError unless 0 < earlier <= the number of leaves.
    """
    if not 0 < earlier <= len(leaves):
        raise ValueError(f"there was no tree of {earlier} leaves before one of {len(leaves)}")
    return tuple(_grown(leaves, earlier, whole=True))


def _grown(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> Iterator[bytes]:
    if earlier == len(leaves):
        if not whole:
            yield root_of(leaves)
        return
    half = _half(len(leaves))
    if earlier <= half:
        yield from _grown(leaves[:half], earlier, whole=whole)
        yield root_of(leaves[half:])
    else:
        yield from _grown(leaves[half:], earlier - half, whole=False)
        yield root_of(leaves[:half])


def includes(data: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the path leads from a leaf to the root of a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, reached = index, size - 1, leaf(data)
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            reached = node(sibling, reached)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            reached = node(reached, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and reached == root


def is_consistent(
    earlier: int, earlier_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether one tree has grown into the other (RFC 9162, 2.1.4.2)."""
    if earlier == size:
        return not proof and earlier_root == root
    if not 0 < earlier < size or not proof:
        return False
    path = list(proof) if earlier & (earlier - 1) else [earlier_root, *proof]
    here, last = earlier - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node(sibling, old), node(sibling, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node(new, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root


def _half(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1
