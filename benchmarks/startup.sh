#!/usr/bin/env bash
# Compares the start-up of an application with one named database with that of plain Boot with one database:
#   benchmarks/startup.sh [runs] [ready|query]
# Measured is the wall time of the whole process, which ends once the context is ready or after a first query. Plain Boot
# opens its first connection at the first query. The processes take turns, on one PostgreSQL server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh

RUNS="${1:-20}"
UNTIL="${2:-ready}"
WARM_UP_RUNS=3
QUIET=(--spring.main.banner-mode=off --logging.level.root=warn)

start_postgres() {
  local log="benchmarks/jmh/target/postgres.log"
  coproc POSTGRES { exec "$JAVA" -cp "$(class_path_of benchmarks/jmh)" io.appdbs.benchmarks.PostgresServer 2>"$log"; }
  local pid="$POSTGRES_PID" input="${POSTGRES[1]}"
  # The server ends when its standard input does, which is also what a killed script leaves behind.
  trap "exec $input>&-; wait $pid" EXIT
  read -r PORT <&"${POSTGRES[0]}" || { echo "PostgreSQL did not start, see $log" >&2; exit 1; }
}

plain_boot() {
  "$JAVA" -cp "$PLAIN_BOOT_CLASS_PATH" io.appdbs.benchmarks.startup.PlainBootApplication "${QUIET[@]}" "$UNTIL" \
    --spring.datasource.url="jdbc:postgresql://localhost:$PORT/postgres" --spring.datasource.username=postgres
}

appdbs() {
  "$JAVA" -cp "$APPDBS_CLASS_PATH" io.appdbs.benchmarks.startup.AppDbsApplication "${QUIET[@]}" "$UNTIL" \
    --app.dbs.orders.url="jdbc:postgresql://localhost:$PORT/postgres" --app.dbs.orders.username=postgres
}

# Runs one application and sets MICROS to the wall time. An application that fails or says anything ends the script.
measure() {
  local output status=0 start="${EPOCHREALTIME//[^0-9]/}"
  output="$("$1" 2>&1)" || status=$?
  MICROS=$((${EPOCHREALTIME//[^0-9]/} - start))
  if ((status != 0)) || [[ -n "$output" ]]; then
    echo "$1 ended with status $status and said:" >&2
    echo "$output" >&2
    exit 1
  fi
}

# Prints the median of its arguments, in whole microseconds.
median() {
  printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); print int((v[m] + v[NR - m + 1]) / 2) }'
}

[[ "$RUNS" =~ ^[1-9][0-9]*$ && "$UNTIL" =~ ^(ready|query)$ ]] || { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/jmh,benchmarks/startup-plain-boot,benchmarks/startup-appdbs
PLAIN_BOOT_CLASS_PATH="$(class_path_of benchmarks/startup-plain-boot)"
APPDBS_CLASS_PATH="$(class_path_of benchmarks/startup-appdbs)"
if [[ "$PLAIN_BOOT_CLASS_PATH" == *appdbs-spring-boot* ]]; then
  echo "The class path of plain Boot has AppDBs on it: $PLAIN_BOOT_CLASS_PATH" >&2
  exit 1
fi
start_postgres

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
