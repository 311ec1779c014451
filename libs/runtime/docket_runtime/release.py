"""Which release of Docket runs here."""

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """Return the version, `unknown` in a checkout that is not installed."""
    try:
        return version("docket")
    except PackageNotFoundError:
        return "unknown"
