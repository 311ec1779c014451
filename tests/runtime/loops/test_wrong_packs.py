"""A service whose packs or keys are wrong does not start."""

from importlib import import_module
from pathlib import Path

import pytest

from docket_policies.terms.table import BadPack
from docket_runtime.production import Unsafe
from docket_runtime.settings import Settings
from sla_clock.app import build


@pytest.mark.parametrize("service", ["ticket_api", "sla_clock", "notifier"])
def test_a_service_with_a_wrong_pack_does_not_start(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> None:
        raise BadPack("packs/x.toml", "capabilities.suspnd", "is unknown")

    app = import_module(f"{service}.app")
    monkeypatch.setattr(app, "check_packs", wrong)

    with pytest.raises(BadPack, match="suspnd"):
        app.build(Settings(env="test"))


@pytest.mark.parametrize("setting", ["checkpoint_key", "checkpoint_keys"])
def test_a_signer_without_its_keys_says_which_file_is_wrong(setting: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.pem").write_text("no key")

    for file in ("missing.pem", "wrong.pem"):
        with pytest.raises(Unsafe, match="DOCKET_CHECKPOINT_KEY"):
            build(Settings(env="test", **{setting: str(tmp_path / file)}))  # type: ignore[arg-type]  # a setting by its name
