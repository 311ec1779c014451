"""A process that has imported the three services and forks one that runs, as often as asked.

A journey restarts them a dozen times, and importing takes most of a start. What runs is what
`python -m SERVICE` runs, in a process of its own, with the environment that it is given.
"""

import atexit
import json
import os
import random
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import psutil

from docket_devstack.processes import Running

SERVICES = {"ticket-api": "ticket_api", "sla-clock": "sla_clock", "notifier": "notifier"}


def start(service: str, *, env: Mapping[str, str], log: Path) -> Running:
    """Start a service in a session of its own, its output going to the end of `log`."""
    host = _host()
    assert host.stdin is not None
    assert host.stdout is not None
    wanted = {"module": SERVICES[service], "env": dict(env), "log": str(log)}
    host.stdin.write(json.dumps(wanted) + "\n")
    host.stdin.flush()
    pid = int(host.stdout.readline())
    return Running(pid, psutil.Process(pid).create_time())


@cache
def _host() -> "subprocess.Popen[str]":
    host = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(host.kill)
    return host


def _serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for those that end
    for module in SERVICES.values():
        __import__(f"{module}.app")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become(**json.loads(line))
        print(pid, flush=True)


def _become(module: str, env: Mapping[str, str], log: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    os.environ.clear()
    os.environ.update(env)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for ours, theirs in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(ours, theirs)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except BaseException:  # the host goes on after its fork whatever the service does
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    _serve()
