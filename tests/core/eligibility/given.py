"""What the shared scenarios tell in prose, as fields of a question."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOMAIN = Path(__file__).parents[2] / "data" / "domain"

_SHARED = json.loads((DOMAIN / "scenarios.json").read_text(encoding="utf-8"))

META: Mapping[str, Any] = _SHARED["meta"]

SCENARIOS: Mapping[str, Any] = {scenario["id"]: scenario for scenario in _SHARED["scenarios"]}

BILL = [
    {"version": "6.90", "released": "2026-04-01", "channel": "beta"},
    {"version": "6.91", "released": "2026-04-20", "channel": "stable"},
    {"version": "6.92", "released": "2026-05-01", "channel": "beta"},
    {"version": "6.93", "released": "2026-05-20", "channel": "stable"},
    {"version": "6.94", "released": "2026-06-01", "channel": "beta"},
    {"version": "6.95", "released": "2026-06-20", "channel": "stable"},
]

DNS = {"6.50": "2026-01-15", "6.51": "2026-03-15", "6.52": "2026-05-15"}

GIVEN: Mapping[str, Mapping[str, Any]] = {
    "R-058": {
        "ticket_date": "2026-06-10",
        "releases": {"2026.01": "2026-01-20", "2026.03": "2026-03-05", "2026.05": "2026-05-14"},
    },
    "R-060": {"product": "BILLmanager 6", "releases": BILL},
    "R-062": {"revisions": [{"revision": "R-2026-05-11", "effective_from": "2026-05-11"}]},
    "R-063": {"published_at": "2026-05-01"},
    "I-024": {"ticket_date": "2026-06-10", "releases": BILL},
    "I-025": {"ticket_date": "2026-06-10", "releases": BILL, "installed": "6.89"},
    "I-026": {"updates_until": "2026-03-31"},
    "I-027": {"updates_until": "2023-06-10", "bought": "2026-06-10"},
    "I-021": {"services_until": "2026-06-30"},
    "I-031": {"license_level": "Standard", "license_until": "2027-03-31"},
    "I-034": {"published_at": "2026-06-10"},
    "H-006": {"plan": "priority"},
    "H-008": {"plan": "regular"},
    "M-001": {"product": "ISPmanager 6"},
    "M-005": {"bought": "2021-02-10", "term_months": 12},
    "M-009": {"paid_at": "2021-06-10T10:00:00Z"},
}
"""Scenario -> what holds in all of its checks."""

TOLD: Mapping[tuple[str, int], Mapping[str, Any]] = {
    ("R-057", 3): {"license_active": False},
    ("R-062", 3): {"merged_created_at": ["2026-05-10T12:00:00Z", "2026-05-12T09:00:00Z"]},
    ("I-024", 5): {"releases": DNS},
    ("I-024", 6): {"releases": DNS},
    ("I-027", 2): {
        "entitlements": [{"from": "2023-06-10", "until": "2026-06-09", "support": False}]
    },
    ("I-027", 3): {
        "entitlements": [
            {"from": "2023-06-10", "until": "2026-06-09", "support": False},
            {"from": "2026-06-10", "until": "2027-06-10", "support": True},
        ]
    },
}
"""Scenario and number of the check -> what its note, title or data says in words."""


def question(scenario_id: str, number: int) -> dict[str, Any]:
    """Return the raw fields of one check, as a caller of the asks puts them together."""
    scenario = SCENARIOS[scenario_id]
    check = scenario["checks"][number]
    asked = {key: value for key, value in check.items() if key not in ("expect", "note", "ask")}
    return {
        "pack": scenario["pack"],
        **(scenario.get("policy") or {}),
        **GIVEN.get(scenario_id, {}),
        **asked,
        **TOLD.get((scenario_id, number), {}),
    }
