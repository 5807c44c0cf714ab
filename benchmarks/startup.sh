#!/usr/bin/env bash
# Compares the start-up of an application with one named database with that of plain Boot with one database:
#   benchmarks/startup.sh [runs] [ready|query]
# Measures the wall time of the whole process, which ends when the context is ready or after a first query. Plain Boot opens
# its first connection at the first query. The processes run alternately on one PostgreSQL server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh
source benchmarks/measure.sh

RUNS="${1:-20}"
UNTIL="${2:-ready}"
WARM_UP_RUNS=3

plain_boot() {
  "$JAVA" -cp "$PLAIN_BOOT_CLASS_PATH" io.appdbs.benchmarks.startup.PlainBootApplication "${QUIET[@]}" "$UNTIL" \
    --spring.datasource.url="jdbc:postgresql://localhost:$PORT/postgres" --spring.datasource.username=postgres
}

appdbs() {
  "$JAVA" -cp "$APPDBS_CLASS_PATH" io.appdbs.benchmarks.startup.AppDbsApplication "${QUIET[@]}" "$UNTIL" \
    --app.dbs.orders.url="jdbc:postgresql://localhost:$PORT/postgres" --app.dbs.orders.username=postgres
}

[[ "$RUNS" =~ ^[1-9][0-9]*$ && "$UNTIL" =~ ^(ready|query)$ ]] || { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/jmh,benchmarks/startup-plain-boot,benchmarks/startup-appdbs
PLAIN_BOOT_CLASS_PATH="$(class_path_of benchmarks/startup-plain-boot)"
APPDBS_CLASS_PATH="$(class_path_of benchmarks/startup-appdbs)"
refuse_appdbs_on "$PLAIN_BOOT_CLASS_PATH"
start_postgres io.appdbs.benchmarks.PostgresServer

plain_boot_micros=()
appdbs_micros=()
for ((run = 1 - WARM_UP_RUNS; run <= RUNS; run++)); do
  # Who goes first changes, so that neither always profits from what the other left in the caches.
  if ((run % 2 == 0)); then order=(plain_boot appdbs); else order=(appdbs plain_boot); fi
  for application in "${order[@]}"; do
    measure "$application"
    if ((run > 0)); then
      declare -n micros="${application}_micros"
      micros+=("$MICROS")
    fi
  done
done

awk -v plain="$(median "${plain_boot_micros[@]}")" -v ours="$(median "${appdbs_micros[@]}")" -v runs="$RUNS" -v until="$UNTIL" \
  'BEGIN {
    printf "until %s, median of %d runs each: plain Boot %.0f ms, AppDBs %.0f ms, ratio %.3f\n", \
      until, runs, plain / 1000, ours / 1000, ours / plain
  }'
