"""The alert rules of deploy/, and which of them fire on what services really served."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families as families

OBSERVABILITY = Path(__file__).resolve().parents[2] / "deploy" / "observability"
RULES = OBSERVABILITY / "prometheus" / "rules.yml"
UNIT_TESTS = OBSERVABILITY / "prometheus" / "rules.test.yml"


def rules() -> list[dict[str, Any]]:
    """Return the rules as they stand."""
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return list(group["rules"])


@dataclass(frozen=True)
class Promtool:
    """Prometheus's own tool, at a path; what it reads is written to a folder."""

    path: str
    folder: Path

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run it and return what it said."""
        return subprocess.run([self.path, *words], capture_output=True, text=True, check=False)

    def firing(self, *scrapes: tuple[str, int]) -> set[str]:
        """Return the alerts that fire after these scrapes, each of which stood so many minutes.

        Each rule is evaluated as Prometheus would, on samples that a service really served.
        """
        series: dict[str, list[str]] = {}
        passed = 0
        for text, minutes in scrapes:
            seen = dict(_samples(text))
            for name in series.keys() | seen.keys():
                values = series.setdefault(name, ["_"] * passed)
                values += [seen.get(name, "_")] * minutes
            passed += minutes
        test = {
            "rule_files": [str(RULES)],
            "evaluation_interval": "1m",
            "tests": [
                {
                    "interval": "1m",
                    "input_series": [
                        {"series": name, "values": " ".join(values)}
                        for name, values in series.items()
                    ],
                    "alert_rule_test": [
                        {
                            "eval_time": f"{passed - 1}m",
                            "alertname": rule["alert"],
                            "exp_alerts": [],
                        }
                        for rule in rules()
                    ],
                }
            ],
        }
        file = self.folder / "asked.yml"
        file.write_text(yaml.safe_dump(test), "utf-8")
        said = self.run("test", "rules", str(file))
        lines = (said.stdout + said.stderr).splitlines()
        assert any("SUCCESS" in line or "FAILED" in line for line in lines), lines
        told: Sequence[str] = [line for line in lines if "alertname:" in line and "time:" in line]
        return {line.split("alertname:")[1].split(",")[0].strip() for line in told}


def _samples(text: str) -> list[tuple[str, str]]:
    labels = {"job": "docket", "instance": "a:1"}
    asked = set(re.findall(r"docket_\w+", " ".join(rule["expr"] for rule in rules())))
    return [
        (
            f"{sample.name}{{"
            + ",".join(f'{k}="{v}"' for k, v in sorted({**sample.labels, **labels}.items()))
            + "}",
            repr(float(sample.value)),
        )
        for family in families(text)
        for sample in family.samples
        if sample.name in asked
    ]
