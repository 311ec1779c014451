#!/bin/sh
# Makes what compose.yaml mounts as secrets, in the folder `secrets` beside it: a password for each role,
# the addresses with them, RabbitMQ's user, and the key that signs checkpoints. What is there stays.
#
#     ./secrets.sh smtps://docket:password@mail.example
#
# The folder is yours alone; its files can be read by whoever sees them, for a container's users are
# others than yours, and it sees only what is mounted.
set -eu
smtp=${1:-}
cd "$(dirname "$0")"
umask 022
mkdir -p -m 700 secrets
chmod 700 secrets
cd secrets

if [ ! -e smtp_url ]; then
    if [ -z "$smtp" ]; then
        echo "usage: $0 smtps://user:password@host  (where mail goes; smtp+starttls:// too)" >&2
        exit 2
    fi
    printf '%s\n' "$smtp" >smtp_url
fi
password() {
    [ -e "$1" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1"
    cat "$1"
}
password postgres_password >/dev/null
for role in migrator ticket_api sla_clock notifier; do
    secret=$(password "${role}_password")
    printf 'postgresql://docket_%s:%s@/docket?host=/run/postgresql\n' "$role" "$secret" \
        >"${role}_database_url"
done
secret=$(password rabbitmq_password)
printf 'amqp://docket:%s@rabbitmq:5672/docket\n' "$secret" >amqp_url
printf 'default_user = docket\ndefault_pass = %s\ndefault_vhost = docket\n' "$secret" >rabbitmq.conf
[ -e checkpoint.pem ] || openssl genpkey -algorithm ed25519 -out checkpoint.pem
chmod 644 ./*
echo "the secrets are in $(pwd); keep a copy of checkpoint.pem where the database is not"
