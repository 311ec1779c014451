"""The partition stands in the ticket id, and a notice has one name for ever (decision 0004)."""

from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docket_events.ids import (
    MAX_PARTITIONS,
    digest_of,
    in_partition,
    is_account,
    notice_id,
    partition_of_account,
    partition_of_ticket,
    stream_of_account,
)

parts = st.lists(st.none() | st.text(st.characters(), max_size=4), max_size=4)

FRESH = UUID("01978a6e-6c00-7abc-8def-0123456789ab")

fresh_ids = st.integers(0, 2**128 - 1).map(
    lambda n: UUID(int=n & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62)
)
partitions = st.integers(0, MAX_PARTITIONS - 1)


@given(fresh=fresh_ids, partition=partitions)
def test_a_ticket_id_tells_its_partition_and_stays_a_uuid_of_version_7(
    fresh: UUID, partition: int
) -> None:
    ticket_id = in_partition(fresh, partition)

    assert partition_of_ticket(ticket_id) == partition
    assert ticket_id.version == 7
    assert ticket_id.variant == RFC_4122


@given(fresh=fresh_ids, partition=partitions)
def test_writing_the_partition_changes_neither_the_time_nor_the_random_bits(
    fresh: UUID, partition: int
) -> None:
    ticket_id = in_partition(fresh, partition)

    free_bits = 0xFFF << 64
    assert ticket_id.int & ~free_bits == fresh.int & ~free_bits


def test_an_id_has_room_for_the_partitions_0_to_4095() -> None:
    assert in_partition(FRESH, 0) == UUID("01978a6e-6c00-7000-8def-0123456789ab")
    assert in_partition(FRESH, 4095) == UUID("01978a6e-6c00-7fff-8def-0123456789ab")


@pytest.mark.parametrize("partition", [-1, 4096])
def test_a_partition_that_does_not_fit_is_refused(partition: int) -> None:
    with pytest.raises(ValueError, match=r"outside 0\.\.4095"):
        in_partition(FRESH, partition)


@given(account=st.text(), count=st.integers(1, MAX_PARTITIONS))
def test_every_account_has_one_partition_of_the_log(account: str, count: int) -> None:
    assert 0 <= partition_of_account(account, count) < count


def test_the_partition_of_an_account_never_changes() -> None:
    # stored: a change would scatter an account's tickets over two partitions
    placed = {name: partition_of_account(name, 16) for name in ("acme", "globex", "initech", "")}
    assert placed == {"acme": 0, "globex": 7, "initech": 3, "": 4}


def test_the_same_cause_gives_the_same_notice_and_another_kind_another_one() -> None:
    assert notice_id(FRESH, "closure") == notice_id(FRESH, "closure")
    assert notice_id(FRESH, "closure") != notice_id(FRESH, "registration")
    assert notice_id(FRESH, "closure") != notice_id(in_partition(FRESH, 1), "closure")
    assert str(notice_id(FRESH, "closure")) == "95c7c1e7-362b-5396-925e-71672f9a5c89"


@given(account_id=st.text(), count=st.integers(1, MAX_PARTITIONS), fresh=fresh_ids)
def test_the_stream_of_an_account_lies_beside_its_tickets_and_is_none_of_them(
    account_id: str, count: int, fresh: UUID
) -> None:
    stream = stream_of_account(account_id, count)

    assert stream == stream_of_account(account_id, count)
    assert partition_of_ticket(stream) == partition_of_account(account_id, count)
    assert is_account(stream)
    assert not is_account(in_partition(fresh, partition_of_ticket(stream)))


def test_each_account_has_a_stream_of_its_own() -> None:
    assert stream_of_account("acme", 1) != stream_of_account("evil", 1)


@given(one=parts, other=parts)
def test_no_two_lists_of_parts_have_one_digest(
    one: list[str | None], other: list[str | None]
) -> None:
    assert (digest_of(*one) == digest_of(*other)) is (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a:b", "c"), ("a", "b:c")),
        (("a/b", "c"), ("a", "b/c")),
        (("ab", ""), ("a", "b")),
        (("", None), (None, "")),
        (("a",), ("a", None)),
        (("a", "\0"), ("a\0", "")),
        (("a", "\x00\x00\x00\x01b"), ("a", "b")),
    ],
)
def test_what_a_separator_would_confuse_is_told_apart(
    one: tuple[str | None, ...], other: tuple[str | None, ...]
) -> None:
    assert digest_of(*one) != digest_of(*other)


def test_a_digest_takes_every_text_that_json_can_write() -> None:
    assert len(digest_of("\ud800", b"bytes", None)) == 32
