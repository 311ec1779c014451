"""Run notifier: `python -m notifier`, configured by DOCKET_* variables."""

from docket_runtime.process.serve import serve
from notifier.app import build

if __name__ == "__main__":
    serve("notifier", build, "notifier_port")
