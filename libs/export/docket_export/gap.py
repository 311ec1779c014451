"""A gap in a bundle: the hashes that stand for the events between two that are selected."""

from collections.abc import Iterator

import msgspec

from docket_proof.tree import Subtree, leaf, node

_encode = msgspec.json.Encoder().encode


class Gap:
    """The events between two that are selected, as the complete subtrees that stand for them."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, Subtree]] = []

    def add(self, index: int, data: bytes) -> None:
        """Add the next leaf."""
        start, subtree = index, Subtree(0, leaf(data))
        while self._stack:
            left_start, left = self._stack[-1]
            if left.level != subtree.level or left_start % (2 << left.level):
                break
            self._stack.pop()
            start, subtree = left_start, Subtree(left.level + 1, node(left.hash, subtree.hash))
        self._stack.append((start, subtree))

    def taken(self) -> Iterator[bytes]:
        """Yield the lines that stand for the gap, and start another gap."""
        for start, subtree in self._stack:
            told = {
                "level": subtree.level,
                "hash": subtree.hash.hex(),
                "from": start + 1,
                "to": start + (1 << subtree.level),
            }
            yield _encode({"subtree": told}) + b"\n"
        self._stack = []
