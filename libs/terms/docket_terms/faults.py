"""The mistakes of a pack, collected so that an author sees them all at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from docket_policies.terms.table import BadPack


class Faults(list[BadPack]):
    """Mistakes in the order in which they were found."""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the mistake of a block, and go on behind it."""
        try:
            yield
        except BadPack as fault:
            self.append(fault)
