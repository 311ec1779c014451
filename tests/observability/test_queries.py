"""Dashboards and rules ask for figures that the code exports, by labels that these have."""

import json
import re
from collections.abc import Iterator

import pytest
from alerting import OBSERVABILITY, rules

from docket_runtime import metrics

EVERYWHERE = {"job", "instance", "service"}
"""Labels that Prometheus adds, or its configuration."""
OTHERS = {
    "up": set[str](),
    "docket_build_info": {"service", "version", "python"},
    "process_resident_memory_bytes": set[str](),
    "process_cpu_seconds_total": set[str](),
}
BOARDS = sorted((OBSERVABILITY / "grafana").glob("*.json"))

_NAME = re.compile(r"\b(?:docket_\w+|process_\w+|python_\w+|up)\b")
_SELECTOR = re.compile(r"\b(docket_\w+)\{([^}]*)\}")
_BY = re.compile(r"\bby \(([^)]*)\)")


def exported() -> dict[str, set[str]]:
    """Return the labels of each series that a process of ours can serve."""
    series = dict(OTHERS)
    for name in metrics.__all__:
        figure = getattr(metrics, name)
        (family,) = figure.describe()
        labels = set(figure._labelnames)
        match family.type:
            case "counter":
                series[f"{family.name}_total"] = labels
            case "histogram":
                series[f"{family.name}_bucket"] = labels | {"le"}
                series[f"{family.name}_sum"] = series[f"{family.name}_count"] = labels
            case _:
                series[family.name] = labels
    return series


def queries() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for board in BOARDS:
        for panel in json.loads(board.read_text("utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{board.stem}: {panel['title']}", target["expr"]


@pytest.mark.parametrize(("place", "query"), [*queries()], ids=lambda value: str(value)[:40])
def test_a_query_asks_for_what_there_is(place, query) -> None:
    known = exported()
    named = set(_NAME.findall(query))
    assert named, place
    assert named <= known.keys(), place
    for name, selector in _SELECTOR.findall(query):
        asked = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", selector))
        assert asked <= known[name] | EVERYWHERE, (place, name)
    grouped = {label.strip() for labels in _BY.findall(query) for label in labels.split(",")}
    assert grouped <= EVERYWHERE.union(*(known[name] for name in named)), place


def test_every_figure_of_ours_is_asked_for_or_explained_by_its_sum() -> None:
    """A figure that nobody looks at is one too many; these say which when others say how many."""
    asked = {name for _, query in queries() for name in _NAME.findall(query)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    unused = {
        name
        for name in exported()
        if re.sub(r"_(bucket|sum|count)$", "", name) not in families and name not in OTHERS
    }
    assert unused == {
        "docket_consumer_position",
        "docket_timers_overdue",
        "docket_calendar_last_year",
    }


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)
def test_a_board_can_be_imported_into_any_grafana(board) -> None:
    said = json.loads(board.read_text("utf-8"))
    assert said["schemaVersion"] >= 36
    assert said["uid"].startswith("docket-")
    assert [each["name"] for each in said["templating"]["list"]] == ["datasource"]
    ids = [panel["id"] for panel in said["panels"]]
    assert len(ids) == len(set(ids))
    for panel in said["panels"]:
        assert panel["datasource"]["uid"] == "${datasource}"
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
