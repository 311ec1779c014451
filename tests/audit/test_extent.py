"""A list that is cut says how much of it is shown, in which order, and where the rest is."""

from docket_audit.extent import extent, first_of


def test_a_cut_list_says_so() -> None:
    said = extent(50, 1570, order="due first", rest="--limit")

    assert said == "50 of 1,570, due first; the rest: --limit"
    assert extent(3, 3, order="due first", rest="--limit") == "all 3, due first"


def test_a_cut_line_says_how_many_more() -> None:
    assert first_of(["a", "b", "c"], 2) == "a, b and 1 more"
    assert first_of(("a", "b"), 2) == "a, b"
    assert first_of([], 2) == ""
