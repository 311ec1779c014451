#!/bin/sh
# From a fresh clone to a running system and back, with HOME and PATH and nothing else.
#
#   tests/fresh/fresh_clone.sh [--tests] [--bare] [--plain]
#
# --plain: as a user without any rights (needs root, to become that user)
# --bare:  with the machine's own PostgreSQL, RabbitMQ and Erlang hidden (needs root)
# --tests: run `make test` in the clone too
set -eu
origin=$(cd "$(dirname "$0")/../.." && pwd)
tests= bare= plain=
for option; do
    case $option in
        --tests) tests=yes ;;
        --bare) bare=yes ;;
        --plain) plain=yes ;;
        *) echo "unknown option $option" >&2; exit 2 ;;
    esac
done

if [ -n "$bare" ] && [ -z "${HIDDEN:-}" ]; then
    HIDDEN=yes exec unshare --mount "$0" "$@"
fi
if [ -n "$bare" ]; then
    for folder in /usr/lib/rabbitmq /usr/lib/erlang /usr/lib/postgresql; do
        if [ -d "$folder" ]; then mount -t tmpfs none "$folder"; fi
    done
fi

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
clone=$place/docket home=$place/home
mkdir "$home"
git clone --quiet --no-hardlinks "$origin" "$clone"
as=
if [ -n "$plain" ]; then
    chmod 755 "$place"
    chown -R 65534:65534 "$clone" "$home"
    as="setpriv --reuid=65534 --regid=65534 --clear-groups"
fi
within() {
    (cd "$clone" && $as env -i HOME="$home" PATH="$PATH" "$@" </dev/null)
}
seconds() { date +%s; }

finish() {
    within make down || true
    rm -rf "$place"
}
trap finish EXIT

began=$(seconds)
within make run
took=$(($(seconds) - began))
echo "make run: $took s"
[ "$took" -lt 300 ]

for port in 8080 8081 8082 8025; do
    curl -sS --fail --output /dev/null "http://127.0.0.1:$port/readyz"
done
began=$(seconds)
within make run
echo "make run again: $(($(seconds) - began)) s"
within .venv/bin/python tests/fresh/readme.py
if [ -n "$tests" ]; then within make test; fi

trap 'rm -rf "$place"' EXIT
within make down
within .venv/bin/python tests/fresh/leftovers.py "$place"
echo "fresh clone: all of it works${plain:+ as a plain user}${bare:+ with no server installed}"
