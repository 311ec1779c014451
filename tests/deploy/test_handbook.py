"""The handbook: its page on installing is followed line by line, by root, on a machine of its own.

The machine is this one, copied where it is written to (an overlay), with PostgreSQL and RabbitMQ as
its packages start them, and a mail server. In place of systemd, which needs a machine that it has
started, a stand-in starts the command lines of the units. The times of all steps are printed.
"""

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from tools_of_deploy import HOUSE, checked

PAGE = (HOUSE / "docs/operating/install.md").read_text("utf-8")
MACHINE = HOUSE / "tests/deploy/handbook/machine"
STEP = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITH_NETWORK = 2
"""So many steps need it: packages, and what is installed by its hash."""
AT_MOST_S = 15 * 60
STARTED_BY_THE_PACKAGES = f"""
rm -rf /etc/postgresql/* /var/lib/postgresql/* /var/lib/rabbitmq/mnesia /etc/docket /var/lib/docket
pg_createcluster 15 main --start
rabbitmq-server -detached 2>/dev/null
for _ in $(seq 60); do
    rabbitmqctl --quiet await_startup >/dev/null 2>&1 && break
    sleep 0.5
done
{sys.executable} -u -m aiosmtpd -n -c aiosmtpd.handlers.Debugging -l 127.0.0.1:25 \\
    >/var/log/mails 2>&1 &
"""
THE_NOTICE_IS_OUT = """
for _ in $(seq 150); do
    grep -q "To: ann@acme.example" /var/log/mails && break
    sleep 0.2
done
grep -q "To: ann@acme.example" /var/log/mails
"""


def test_its_lines_are_those_of_a_shell_and_name_files_that_are_there() -> None:
    lines = "".join(BLOCK.findall(PAGE))

    checked("sh", "-nc", lines)
    named = set(re.findall(r"\bdeploy/[\w./*-]+\w", lines))
    assert named
    assert [file for file in sorted(named) if not any(HOUSE.glob(file))] == []


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_new_operator_has_a_ticket_within_a_quarter_of_an_hour(tmp_path: Path) -> None:
    needed()
    steps = STEP.split(PAGE)[1:]
    scripts = [
        f'echo "@ $(date +%s) {number}. {title}"\n' + "".join(BLOCK.findall(text))
        for number, title, text in zip(steps[::3], steps[1::3], steps[2::3], strict=True)
    ]
    first, rest = scripts[:WITH_NETWORK], scripts[WITH_NETWORK:]
    (tmp_path / "first.sh").write_text("".join(first), encoding="utf-8")
    ending = [THE_NOTICE_IS_OUT, 'echo "@ $(date +%s) done"\n']
    (tmp_path / "rest.sh").write_text(
        "".join([STARTED_BY_THE_PACKAGES, *rest, *ending]), encoding="utf-8"
    )
    listed = checked("git", "ls-files", "--cached", "--others", "--exclude-standard")
    files = [file for file in listed.splitlines() if (HOUSE / file).is_file()]
    (tmp_path / "list").write_text("\n".join(files), encoding="utf-8")
    checked("tar", "-cf", tmp_path / "docket.tar", "-T", tmp_path / "list")

    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", MACHINE, tmp_path],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-8000:]
    times = [
        (int(at), what) for at, what in re.findall(r"^@ (\d+) (.+)$", done.stdout, re.MULTILINE)
    ]
    for (began, what), (ended, _) in pairwise(times):
        print(f"{ended - began:4} s  {what}")
    took = times[-1][0] - times[0][0]
    print(f"{took:4} s  in all")
    assert took < AT_MOST_S


def needed() -> None:
    """Skip the test where there is no such machine."""
    if os.geteuid() != 0:
        pytest.skip("NOT CHECKED: only root can make a machine of its own")
    for program in ("apt-get", "unshare", "systemd-sysusers"):
        if shutil.which(program) is None:
            pytest.skip(f"NOT CHECKED: {program} is not installed")
