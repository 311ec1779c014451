#!/bin/sh
# Builds what is installed into a folder: the wheel, and the pins of all that it needs, with hashes.
#
#     deploy/image/build.sh dist
#
# Needs Python 3.11 or newer with venv (PYTHON names it), and a package index for the tools that build;
# pip's own variables say which. The image and a machine without one are made by the same steps.
set -eu
if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
python=${PYTHON:-python3}
house=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$1"
rm -f "$1"/docket-*.whl
"$python" "$house/deploy/image/pins.py" >"$1/requirements.txt"
"$python" "$house/deploy/image/pins.py" hatchling >"$work/requirements.txt"
"$python" -m venv "$work/venv"
pip="$work/venv/bin/python -m pip -qq --disable-pip-version-check --no-input"
$pip install --require-hashes -r "$work/requirements.txt"
$pip wheel --no-deps --no-build-isolation --wheel-dir "$1" "$house"
ls "$1"/docket-*.whl
