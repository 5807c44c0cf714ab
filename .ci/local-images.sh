#!/usr/bin/env bash
# Builds the container images postgres:local and mariadb:local from Debian packages, for machines that have a container
# engine but no registry. They behave like the official images (same variables, same user, same database). Installs and
# starts a Docker engine if there is none. Needs root and an apt that is configured with a mirror of Debian.
# Also installs Docker Compose 2 for the user if it is missing and the distribution has no package of it. Without it, the
# tests that need it are skipped.
#
# usage: local-images.sh
set -euo pipefail

log="$(mktemp)"
root="$(mktemp -d)"
trap 'rm -rf "$root" "$log"' EXIT

fail() {
  echo "$1" >&2
  tail -n 5 "$log" >&2
  exit 1
}

[[ "$(id -u)" == 0 ]] || fail "not root"
command -v apt-get >/dev/null || fail "no apt"

if ! command -v dockerd >/dev/null || ! command -v debootstrap >/dev/null; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io debootstrap iptables; } \
    >"$log" 2>&1 </dev/null || fail "docker.io and debootstrap cannot be installed"
fi
if ! docker info >/dev/null 2>&1; then
  setsid nohup dockerd >/var/log/dockerd.log 2>&1 </dev/null &
  for _ in $(seq 30); do
    docker info >/dev/null 2>&1 && break
    sleep 1
  done
  docker info >"$log" 2>&1 || fail "dockerd does not start, see /var/log/dockerd.log"
fi

# Docker Compose 2 is a package of Debian 13.
install_compose() {
  local apt plugins="$HOME/.docker/cli-plugins"
  apt="$(mktemp -d)"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$apt/sources.list"
  (
    cd "$apt"
    options=(-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists"
      -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update && apt-get "${options[@]}" download docker-compose && dpkg-deb -x docker-compose_*.deb .
    mkdir -p "$plugins" && cp usr/libexec/docker/cli-plugins/docker-compose "$plugins/"
  ) >"$log" 2>&1 || echo "Docker Compose 2 cannot be installed"
  rm -rf "$apt"
}

# The mirror that apt itself uses for Debian, from whichever of its files and formats.
mirror="$(apt-get indextargets --format '$(SITE)' 2>>"$log" | sed -nE 's/^(http[^ ]*\/debian)\/?$/\1/p' | sort -u | head -n 1 || true)"
[[ -n "$mirror" ]] || fail "apt has no mirror of Debian"
docker compose version >/dev/null 2>&1 || install_compose

if docker image inspect postgres:local mariadb:local >/dev/null 2>&1; then
  exit 0
fi

debootstrap --variant=minbase --include=gosu,postgresql-15,mariadb-server-core,mariadb-client-core \
  bookworm "$root" "$mirror" >"$log" 2>&1 || fail "debootstrap cannot build a system"

cat >"$root/usr/local/bin/postgres-entrypoint.sh" <<'ENTRYPOINT'
#!/bin/bash
set -e
export PATH="/usr/lib/postgresql/15/bin:$PATH" PGDATA=/var/lib/postgresql/data PGPASSWORD="${POSTGRES_PASSWORD:-postgres}"
user="${POSTGRES_USER:-postgres}"
if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
  install -d -o postgres -g postgres "$PGDATA" /var/run/postgresql
  install -o postgres -m 600 <(echo "$PGPASSWORD") /tmp/password
  gosu postgres initdb -U "$user" --pwfile=/tmp/password -A scram-sha-256 >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  # Like the official image, it starts twice. Testcontainers waits for the second start.
  gosu postgres pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  [[ "${POSTGRES_DB:-$user}" == postgres ]] || gosu postgres createdb -U "$user" "${POSTGRES_DB:-$user}"
  gosu postgres pg_ctl -D "$PGDATA" -w stop
fi
shift || true
exec gosu postgres postgres -D "$PGDATA" -c listen_addresses='*' "$@"
ENTRYPOINT

cat >"$root/usr/local/bin/mariadb-entrypoint.sh" <<'ENTRYPOINT'
#!/bin/bash
set -e
password="${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}"
database="${MARIADB_DATABASE:-$MYSQL_DATABASE}"
user="${MARIADB_USER:-$MYSQL_USER}"
shift || true
if [[ ! -d /var/lib/mysql/mysql ]]; then
  install -d -o mysql -g mysql /var/lib/mysql /run/mysqld
  mariadb-install-db --user=mysql --datadir=/var/lib/mysql --skip-test-db --auth-root-authentication-method=normal >/dev/null
  {
    echo "CREATE USER root@'%' IDENTIFIED BY '$password';"
    echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
    [[ -z "$database" ]] || echo "CREATE DATABASE \`$database\`;"
    if [[ -n "$user" && "$user" != root ]]; then
      echo "CREATE USER '$user'@'%' IDENTIFIED BY '${MARIADB_PASSWORD:-$MYSQL_PASSWORD}';"
      [[ -z "$database" ]] || echo "GRANT ALL ON \`$database\`.* TO '$user'@'%';"
    fi
  } >/tmp/init.sql
  chown mysql /tmp/init.sql
  # The server executes the file before it accepts connections.
  set -- --init-file=/tmp/init.sql "$@"
fi
exec mariadbd --user=mysql --datadir=/var/lib/mysql --bind-address=0.0.0.0 "$@"
ENTRYPOINT

chmod +x "$root"/usr/local/bin/*-entrypoint.sh
chroot "$root" useradd --system --no-create-home mysql
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*

# Arguments: the image, its port and the default command.
import() {
  tar -C "$root" -c . | docker import -c "ENTRYPOINT [\"$1-entrypoint.sh\"]" -c "CMD [\"$3\"]" -c "EXPOSE $2" - "$1:local" \
    >"$log" || fail "the image of $1 cannot be imported"
}
import postgres 5432 postgres
import mariadb 3306 mariadbd
echo "built postgres:local and mariadb:local"
