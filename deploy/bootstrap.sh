#!/bin/sh
# Makes .venv with every pinned dependency and this project, from nothing but a Python 3.11 or newer.
# Run again after a change of requirements.lock; needs no root where Python can make environments.
set -eu
cd "$(dirname "$0")/.."

python=
for candidate in python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "docket needs Python 3.11 or newer; none is on PATH" >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing $version-venv, without which $version makes no environments" >&2
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "$version-venv" >&2
    else
        echo "$version cannot make environments: install the package $version-venv" >&2
        exit 1
    fi
fi

[ -x .venv/bin/python ] || "$python" -m venv --clear .venv
echo "installing the pinned dependencies into .venv (once, about a minute)" >&2
pip=".venv/bin/python -m pip -qq --disable-pip-version-check --no-input"
$pip install --require-hashes -r requirements.lock
$pip install --no-deps --no-build-isolation -e .
# what came with the environment and not from the lock: nothing needs it, and old ones are unsafe
$pip uninstall -y setuptools >/dev/null 2>&1 || true
