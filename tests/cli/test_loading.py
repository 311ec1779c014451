"""A command loads what it needs: those that ask the terms know no database and no broker."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["calendars", "simulate"])
def test_asking_the_terms_loads_no_driver(command: str) -> None:
    code = f"""if True:
        import sys
        from docket_cli.main import app
        app([{command!r}], standalone_mode=False)
        print({{"asyncpg", "sqlalchemy", "aio_pika"}} & {{*sys.modules}})
        """

    done = subprocess.run([sys.executable, "-c", code], input="", capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "set()"
