"""The chart: what helm makes of it is valid, and each pod has no more rights than it needs."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools_of_deploy import DEPLOY, checked, tool

CHART = DEPLOY / "chart/docket"
SERVICES = ("ticket-api", "sla-clock", "notifier")
VALUES: dict[str, tuple[str, ...]] = {
    "as it is": (),
    "with all there is": (
        "ingress.enabled=true",
        "ingress.className=nginx",
        "imagePullSecrets[0].name=pull",
        "priorityClassName=high",
        "nodeSelector.kind=apps",
        "podAnnotations.team=support",
        "tolerations[0].operator=Exists",
        "checkpoints.volume.storageClassName=shared",
        "networkPolicy.egress.database.to[0].ipBlock.cidr=10.0.0.0/8",
        "settings.DOCKET_LOG_PARTITIONS=4",
    ),
    "with as little as can be": (
        "files.url=s3://docket",
        "checkpoints.volume.existingClaim=kept",
        "migrate.enabled=false",
        "networkPolicy.enabled=false",
        "slaClock.replicas=1",
    ),
}


def test_helm_lint_finds_nothing(helm: Path) -> None:
    checked(helm, "lint", "--strict", CHART)


@pytest.mark.parametrize("choice", VALUES)
def test_what_it_makes_is_valid_by_the_schemas_of_kubernetes(
    helm: Path, choice: str, tmp_path: Path
) -> None:
    validate = tool("kubernetes-validate")
    made = tmp_path / "made.yaml"
    made.write_text(template(helm, *VALUES[choice]), encoding="utf-8")

    checked(validate, "--strict", "--no-warn", made)


def test_every_pod_has_no_right_and_no_place_to_write_but_its_volumes(helm: Path) -> None:
    pods = pods_of(template(helm))

    assert set(pods) == {*SERVICES, "migrate"}
    for name, pod in pods.items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]


def test_every_service_is_watched_spread_and_kept_during_disruptions(helm: Path) -> None:
    made = template(helm)
    budgets = named(made, "PodDisruptionBudget")
    policies = named(made, "NetworkPolicy")

    for name, pod in pods_of(made).items():
        assert f"t-docket-{name}" in policies
        if name == "migrate":
            continue
        (container,) = pod["containers"]
        assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert pod["topologySpreadConstraints"]
        assert pod["affinity"]["podAntiAffinity"]
        assert budgets[f"t-docket-{name}"]["spec"]["maxUnavailable"] == 1


def test_the_schema_comes_before_the_services(helm: Path) -> None:
    job = named(template(helm), "Job")["t-docket-migrate"]

    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["command"] == ["docket", "migrate"]


def test_only_sla_clock_has_the_key_that_signs(helm: Path) -> None:
    has_it = {
        name
        for name, pod in pods_of(template(helm)).items()
        if "docket-checkpoint" in str(pod["volumes"])
    }

    assert has_it == {"sla-clock"}


@pytest.mark.parametrize(
    "wrong",
    [
        "ticketApi.replicas=0",
        "slaClock.replica=3",
        "image.name=docket",
        "files.url=http://files.example",
        "settings.DOCKET_DATABASE_URL=postgresql://somebody:secret@db.example/docket",
        "networkPolicy.egress.database.port=70000",
    ],
)
def test_values_that_would_do_harm_are_refused(helm: Path, wrong: str) -> None:
    done = subprocess.run(
        [helm, "template", "t", CHART, "--set", wrong], capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "values don't meet the specifications of the schema" in done.stderr


def template(helm: Path, *values: str) -> str:
    settings = [
        part
        for value in values
        for part in ("--set-string" if value.startswith("settings.") else "--set", value)
    ]
    return checked(helm, "template", "t", CHART, "--namespace", "support", *settings)


def named(made: str, kind: str) -> dict[str, Any]:
    """Return the manifests of a kind by their names."""
    manifests = [each for each in yaml.safe_load_all(made) if each]
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == kind}


def pods_of(made: str) -> dict[str, Any]:
    """Return the pods of all deployments and jobs, by the component that they are."""
    owners = {**named(made, "Deployment"), **named(made, "Job")}
    templates = [owner["spec"]["template"] for owner in owners.values()]
    return {
        each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"]
        for each in templates
    }
