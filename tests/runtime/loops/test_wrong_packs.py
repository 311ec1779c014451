"""A service whose packs are wrong does not start."""

from importlib import import_module

import pytest

from docket_policies.terms.table import BadPack
from docket_runtime.settings import Settings


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
