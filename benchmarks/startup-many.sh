#!/usr/bin/env bash
# Compares the start-up of an application with 16 databases with that of the same application with one:
#   benchmarks/startup-many.sh [runs] [round trip in ms]
# once with named databases and once with hand-written beans for plain Boot. Each database is empty and has five migrations.
# The server is behind a proxy that adds a delay. Measures the wall time of the whole process until a first query on every
# database. The processes run alternately on one PostgreSQL server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh
source benchmarks/measure.sh

RUNS="${1:-5}"
ROUND_TRIP="${2:-10}"
WARM_UP_RUNS=1
MANY=16
POOL_SIZE=4 # with one connection each to watch them, 16 databases stay below PostgreSQL's 100 connections
MIGRATIONS="$PWD/benchmarks/jmh/target/migrations"

write_migrations() {
  local database folder
  for ((database = 1; database <= MANY; database++)); do
    folder="$MIGRATIONS/db/migration/d$database"
    mkdir -p "$folder"
    echo "create table item (id bigint generated always as identity primary key);" >"$folder/V1__create.sql"
    echo "alter table item add column name varchar(40) not null default '';" >"$folder/V2__add_name.sql"
    echo "create index item_name on item (name);" >"$folder/V3__index_name.sql"
    echo "insert into item (name) values ('one');" >"$folder/V4__fill.sql"
    echo "update item set name = 'first' where name = 'one';" >"$folder/V5__rename.sql"
  done
}

# Executes a statement on the server and sets CONNECTIONS and ROUND_TRIPS to those of applications since the last call.
execute() {
  echo "$1" >&"${POSTGRES[1]}"
  read -r CONNECTIONS ROUND_TRIPS <&"${POSTGRES[0]}" || { echo "Failed: $1" >&2; exit 1; }
}

create_databases() {
  local database
  for ((database = 1; database <= MANY; database++)); do
    execute "drop database if exists d$database with (force)"
    execute "create database d$database"
  done
  execute "checkpoint"
}

url() {
  echo "jdbc:postgresql://localhost:$PORT/d$1"
}

plain_boot() {
  local database arguments=()
  for ((database = 1; database <= $1; database++)); do
    arguments+=("--databases.d$database.url=$(url $database)" "--databases.d$database.username=postgres"
      "--databases.d$database.hikari.maximum-pool-size=$POOL_SIZE")
  done
  "$JAVA" -cp "$PLAIN_BOOT_CLASS_PATH" io.appdbs.benchmarks.startup.ManyPlainBootApplication "${QUIET[@]}" "${arguments[@]}"
}

appdbs() {
  local database arguments=("--app.dbs-defaults.username=postgres" "--app.dbs-defaults.pool.max-size=$POOL_SIZE")
  for ((database = 1; database <= $1; database++)); do
    arguments+=("--app.dbs.d$database.url=$(url $database)")
  done
  "$JAVA" -cp "$APPDBS_CLASS_PATH" io.appdbs.benchmarks.startup.ManyAppDbsApplication "${QUIET[@]}" "${arguments[@]}"
}

# Prints the given times of one database and of many, and their ratio.
compare() {
  awk -v what="$1" -v one="$2" -v many="$3" -v count="$MANY" 'BEGIN {
    printf "  %s: 1 database %.0f ms, %d databases %.0f ms, ratio %.2f\n", what, one / 1000, count, many / 1000, many / one
  }'
}

report() {
  local -n one="${2}_1_micros" many="${2}_${MANY}_micros" one_traffic="${2}_1_traffic" many_traffic="${2}_${MANY}_traffic"
  echo "$1"
  compare "median" "$(median "${one[@]}")" "$(median "${many[@]}")"
  compare "fastest" "$(fastest "${one[@]}")" "$(fastest "${many[@]}")"
  echo "  last run: 1 database $one_traffic; $MANY databases $many_traffic"
}

[[ "$RUNS" =~ ^[1-9][0-9]*$ && "$ROUND_TRIP" =~ ^[0-9]+$ ]] || { sed -n '2,6s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/jmh,benchmarks/startup-many-plain-boot,benchmarks/startup-many-appdbs
PLAIN_BOOT_CLASS_PATH="$(class_path_of benchmarks/startup-many-plain-boot):$MIGRATIONS"
APPDBS_CLASS_PATH="$(class_path_of benchmarks/startup-many-appdbs):$MIGRATIONS"
refuse_appdbs_on "$PLAIN_BOOT_CLASS_PATH"
write_migrations
start_postgres io.appdbs.benchmarks.DelayedPostgresServer "$ROUND_TRIP"

applications=("appdbs 1" "plain_boot 1" "appdbs $MANY" "plain_boot $MANY")
for ((run = 1 - WARM_UP_RUNS; run <= RUNS; run++)); do
  for application in "${applications[@]}"; do
    read -r name databases <<<"$application"
    create_databases
    measure "$name" "$databases"
    execute "select 1"
    declare "${name}_${databases}_traffic=$CONNECTIONS connections, $ROUND_TRIPS round trips"
    if ((run > 0)); then
      declare -n micros="${name}_${databases}_micros"
      micros+=("$MICROS")
    fi
  done
  # Who goes first changes, so that none always profits from what another left in the caches.
  applications=("${applications[@]:1}" "${applications[0]}")
done

echo "round trip $ROUND_TRIP ms, five migrations each, $RUNS runs each"
report "AppDBs" appdbs
report "plain Boot, written by hand" plain_boot
