"""Detached processes: known by pid and birth, waited for with a reason, none left behind."""

import os
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from docket_devstack import ports, processes
from docket_devstack.processes import NotReady

PARENT_OF_ONE = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("started", flush=True)
time.sleep(600)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("started", flush=True)
time.sleep(600)
"""


def start(folder: Path, program: str) -> processes.Running:
    log = folder / "program.log"
    running = processes.start(
        [sys.executable, "-c", program],
        env=dict(os.environ),
        log=log,
        pid_file=folder / "program.pid",
    )
    processes.wait_until(
        lambda: "started" in log.read_text(), running, seconds=20, what="it", log=log
    )
    return running


def test_a_stopped_process_takes_its_children_with_it(tmp_path: Path) -> None:
    running = start(tmp_path, PARENT_OF_ONE)
    family = processes.family_of(running)
    assert len(family) == 2
    assert processes.running(tmp_path / "program.pid") == running

    processes.stop(running)

    assert not any(psutil.pid_exists(each.pid) and is_living(each) for each in family)
    assert processes.running(tmp_path / "program.pid") is None


def test_a_process_that_does_not_hear_is_killed_when_patience_ends(tmp_path: Path) -> None:
    running = start(tmp_path, DEAF)
    processes.stop(running, first=signal.SIGTERM, patience=0.2)
    assert not running.alive


def test_a_pid_that_another_program_was_given_is_not_ours(tmp_path: Path) -> None:
    running = start(tmp_path, DEAF)
    older = replace(running, born=running.born - 3600)

    assert not older.alive
    processes.stop(older)
    assert running.alive
    processes.kill(running)
    assert not running.alive


def test_one_that_dies_while_starting_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"ended while starting(.|\n)*ZeroDivisionError"):
        start(tmp_path, "1 / 0")


def test_one_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    running = start(tmp_path, DEAF)
    log = tmp_path / "program.log"
    with pytest.raises(NotReady, match="clock was not ready after 0 s"):
        processes.wait_until(lambda: False, running, seconds=0.1, what="clock", log=log)
    processes.kill(running)


def test_a_taken_port_is_refused_by_number_and_variable() -> None:
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(ports.PortTaken, match=rf"port {taken} .*DOCKET_NOTIFIER_PORT"):
            ports.claim(taken, "DOCKET_NOTIFIER_PORT")
        assert ports.free_or_other(taken) != taken
        assert ports.answers(taken)
    assert ports.claim(taken, "DOCKET_NOTIFIER_PORT") == taken


def is_living(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
