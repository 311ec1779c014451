#!/bin/sh
# Runs once, when PostgreSQL makes its files: the roles, their passwords, and who owns the database.
set -eu
secrets=${SECRETS:-/run/secrets}
psql() {
    command psql -X -q -v ON_ERROR_STOP=1 --username postgres --dbname postgres "$@"
}
psql --file "${ROLES:-/docket/roles.sql}"
for role in migrator ticket_api sla_clock notifier; do
    psql --set role="docket_$role" --set password="$(cat "$secrets/${role}_password")" <<'SQL'
alter role :"role" password :'password';
SQL
done
psql --command "alter database docket owner to docket_migrator"
