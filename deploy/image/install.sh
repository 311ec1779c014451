#!/bin/sh
# Installs what build.sh has built into a folder that is not there yet, every file by its hash.
#
#     deploy/image/install.sh dist /opt/docket-0.2.0
#
# Needs Python 3.11 or newer with venv (PYTHON names it), and a package index. Nothing of the folder is
# written to afterwards: pip goes too. An update gets a folder of its own, so the old one is the way back.
set -eu
if [ $# -ne 2 ]; then
    echo "usage: $0 BUILT PREFIX" >&2
    exit 2
fi
if [ -e "$2" ]; then
    echo "$2 is there already: install into a new folder" >&2
    exit 1
fi
umask 022
"${PYTHON:-python3}" -m venv "$2"
pip="$2/bin/python -m pip -qq --disable-pip-version-check --no-input"
$pip install --require-hashes -r "$1/requirements.txt"
$pip install --no-deps --no-index "$1"/docket-*.whl
$pip check
$pip uninstall -y setuptools pip
"$2/bin/docket" --help >/dev/null
echo "installed into $2"
