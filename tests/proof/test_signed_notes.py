"""Notes and checkpoints: the published example opens, and whatever is changed does not."""

from base64 import b64encode
from random import Random
from uuid import UUID

import pytest

from docket_proof.checkpoint import Checkpoint, origin, read, signer
from docket_proof.note import BadNote, Verifier, opened

KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann \
x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
"""The example in the documentation of the format's first implementation."""

LOG = UUID("0190a3c4-0000-7000-8000-000000000001")
OURS = signer(bytes(range(32)))
CHECKPOINT = Checkpoint(origin(LOG, 3), 17, bytes(32))


def test_the_published_example_is_signed_by_its_key() -> None:
    key = Verifier.read(KEY)

    assert str(key) == KEY
    assert opened(NOTE, [key]).startswith("If you think")


def test_a_checkpoint_is_read_as_it_was_signed() -> None:
    note = OURS.sign(CHECKPOINT.text)

    assert note.splitlines()[:3] == [f"docket/{LOG}/3", "17", "A" * 43 + "="]
    assert read(note, [OURS.verifier]) == CHECKPOINT
    assert read(note, [Verifier.read(KEY), Verifier.read(str(OURS.verifier))]) == CHECKPOINT


def test_any_change_of_a_signed_checkpoint_is_found() -> None:
    note, random = OURS.sign(CHECKPOINT.text), Random(9)

    for place in range(len(note)):
        other = chr(ord(note[place]) ^ 1 << random.randrange(7))
        changed = note[:place] + other + note[place + 1 :]
        with pytest.raises(BadNote):
            read(changed, [OURS.verifier])


@pytest.mark.parametrize(
    "text", ["", "no note", "a\nb\nc\n", "a\n\n", "a\n\n- b AAAA\n", "a\n\n— b ?\n"]
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        opened(text, [OURS.verifier])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("— b AAAAAA==", "is no signature"),  # the four bytes of a key's id and nothing signed
        ("— b AAAAAAA=", "no known key"),
        ("b AAAAAAA=", "is no signature"),
        ("—  AAAAAAA=", "is no signature"),
    ],
)
def test_a_signature_has_a_dash_a_name_and_more_than_the_id_of_its_key(line: str, why: str) -> None:
    with pytest.raises(BadNote, match=why):
        opened(f"a text\n\n{line}\n", [OURS.verifier])


@pytest.mark.parametrize(
    ("size", "length"),
    [("-1", 32), ("017", 32), ("+17", 32), (" 17", 32), ("1_7", 32), ("17", 31), ("17", 33)],
)
def test_a_checkpoint_has_one_way_to_write_its_size_and_a_root_of_32_bytes(
    size: str, length: int
) -> None:
    root = b64encode(bytes(length)).decode()

    with pytest.raises(BadNote, match="no checkpoint"):
        read(OURS.sign(f"a log\n{size}\n{root}\n"), [OURS.verifier])


def test_the_root_of_a_checkpoint_has_nothing_beside_its_letters() -> None:
    root = b64encode(bytes(32)).decode()

    with pytest.raises(BadNote, match="no checkpoint"):
        read(OURS.sign(f"a log\n17\n*{root}\n"), [OURS.verifier])


def test_our_checkpoints_are_signed_by_a_key_called_docket() -> None:
    assert str(OURS.verifier).startswith("docket+")
    assert OURS.sign("a log\n").splitlines()[2].startswith("— docket ")


def test_a_checkpoint_may_be_of_an_empty_log_and_have_further_lines() -> None:
    note = OURS.sign(f"a log\n0\n{b64encode(bytes(32)).decode()}\nmore\n")

    assert read(note, [OURS.verifier]) == Checkpoint("a log", 0, bytes(32))


@pytest.mark.parametrize("text", ["a log\n3\n", "\n"])
def test_what_is_signed_is_the_text_with_its_last_newline(text: str) -> None:
    assert opened(OURS.sign(text), [OURS.verifier]) == text


def test_a_text_without_a_last_newline_is_not_signed() -> None:
    with pytest.raises(ValueError, match="newline"):
        OURS.sign("a log")


def test_a_note_of_somebody_else_is_refused() -> None:
    stranger = signer(bytes(32))

    with pytest.raises(BadNote, match="no known key"):
        read(stranger.sign(CHECKPOINT.text), [OURS.verifier])
    with pytest.raises(BadNote, match="no checkpoint"):
        read(OURS.sign("a log\nmany\nevents\n"), [OURS.verifier])
