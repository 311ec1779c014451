"""Which version of the contract the published documents describe."""

CONTRACT_VERSION = "0.1.0"
"""That of the newest release: what `docs/openapi.json` and `docs/asyncapi.json` call themselves. It
changes with a release; the version of the package goes ahead of it in between."""
