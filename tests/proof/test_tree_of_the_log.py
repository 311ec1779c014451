"""The Merkle tree against the published vectors of RFC 6962/9162, and its laws for any log."""

from hypothesis import given
from hypothesis import strategies as st

from docket_proof.tree import (
    EMPTY,
    Frontier,
    Subtree,
    consistency,
    includes,
    inclusion,
    is_consistent,
    leaf,
    node,
    root_of,
)

LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The leaves of the reference tree that implementations of certificate transparency share."""

ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The root of the first n + 1 of them."""

INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
}
CONSISTENCY = {
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

logs = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


def test_the_roots_are_those_of_the_reference_tree() -> None:
    assert root_of([]) == EMPTY
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tuple(root_of(LEAVES[: n + 1]).hex() for n in range(8)) == ROOTS


def test_the_paths_are_those_of_the_reference_tree() -> None:
    found = {
        (index, size): tuple(step.hex() for step in inclusion(LEAVES[:size], index))
        for index, size in INCLUSION
    }
    assert found == INCLUSION


def test_the_consistency_proofs_are_those_of_the_reference_tree() -> None:
    found = {
        (earlier, size): tuple(step.hex() for step in consistency(LEAVES[:size], earlier))
        for earlier, size in CONSISTENCY
    }
    assert found == CONSISTENCY


@given(logs, st.data())
def test_every_leaf_is_shown_to_be_in_the_tree_and_nothing_else_is(
    log: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(log) - 1))
    path, root = inclusion(log, index), root_of(log)

    assert includes(log[index], index, len(log), path, root)
    assert not includes(log[index] + b"x", index, len(log), path, root)
    assert not includes(log[index], index, len(log), (*path, root), root)
    assert not includes(log[index], len(log), len(log), path, root)


@given(logs, st.data())
def test_a_tree_that_has_only_grown_is_shown_to_have_and_no_other_is(
    log: list[bytes], data: st.DataObject
) -> None:
    earlier = data.draw(st.integers(1, len(log)))
    proof, root = consistency(log, earlier), root_of(log)

    assert is_consistent(earlier, root_of(log[:earlier]), len(log), root, proof)
    changed = [*log[: earlier - 1], log[earlier - 1] + b"x"]
    assert not is_consistent(earlier, root_of(changed), len(log), root, proof)


@given(logs, st.data())
def test_a_proof_of_growth_has_no_step_too_many_and_none_too_few(
    log: list[bytes], data: st.DataObject
) -> None:
    earlier = data.draw(st.integers(1, len(log)))
    proof, roots = consistency(log, earlier), (root_of(log[:earlier]), root_of(log))

    def holds(*steps: bytes) -> bool:
        return is_consistent(earlier, roots[0], len(log), roots[1], steps)

    assert holds(*proof)
    assert not any(holds(*proof, step) for step in roots)
    assert not any(holds(*proof[:n]) for n in range(len(proof)))


@given(logs, st.data())
def test_a_tree_grows_on_from_its_frontier_and_by_subtrees(
    log: list[bytes], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(log)))
    begun = Frontier()
    for each in log[:cut]:
        begun.add(each)
    grown = Frontier.unpacked(begun.packed)
    rest = log[cut:]
    while rest:
        if grown.size % 2 == 0 and len(rest) > 1:
            grown.add_subtree(Subtree(1, node(leaf(rest[0]), leaf(rest[1]))))
            rest = rest[2:]
        else:
            grown.add(rest[0])
            rest = rest[1:]

    assert (grown.size, grown.root) == (len(log), root_of(log))
