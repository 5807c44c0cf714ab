#!/usr/bin/env bash
# Compares the time of /actuator/health while all databases accept connections and never answer:
#   benchmarks/health.sh [calls] [databases] [timeout in seconds]
# Compares named databases, with the given number of calls of /health and of each sub-path, and hand-written pools for plain
# Boot, which are called once each and abandoned after the timeout: Boot checks one database after the other, 30 s each.
# There is one run and one server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh
source benchmarks/measure.sh

CALLS="${1:-2000}"
DATABASES="${2:-20}"
TIMEOUT="${3:-75}"
WARM_UP_CALLS=200
OPTIONS=(--spring.main.banner-mode=off --logging.level.root=error --server.port=0
  --management.endpoint.health.show-details=always)
PIDS=()

# Starts a server with the given class path, class and arguments and sets PORT to what it prints.
start() {
  local log
  log="$(mktemp "${TMPDIR:-/tmp}/health.XXXXXX")"
  LOGS+=("$log")
  "$JAVA" -cp "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  PIDS+=("$pid")
  while ! PORT="$(awk '$1 == "PORT" { print $2; found = 1 } END { exit !found }' "$log")"; do
    kill -0 "$pid" 2>/dev/null || { echo "$2 did not start:" >&2; cat "$log" >&2; exit 1; }
    sleep 0.2
  done
}

stop() {
  kill "${PIDS[@]}" 2>/dev/null || true
  wait "${PIDS[@]}" 2>/dev/null || true
  rm -f "${LOGS[@]}"
}

# Calls URLs of the port and sets COUNT, P50, P99 and MAX, in microseconds.
call() {
  local urls=()
  for path in "${@:4}"; do
    urls+=("http://localhost:$1/actuator$path")
  done
  read -r COUNT P50 P99 MAX <<<"$("$JAVA" -cp "$(class_path_of benchmarks/jmh)" io.appdbs.benchmarks.HealthCalls \
    "$2" "$3" "$TIMEOUT" "${urls[@]}")"
}

report() {
  awk -v what="$1" -v count="$COUNT" -v p50="$P50" -v p99="$P99" -v max="$MAX" -v timeout="$TIMEOUT" 'BEGIN {
    late = (max >= timeout * 1000000) ? " (given up)" : ""
    printf "  %-14s %6d calls: p50 %.1f ms, p99 %.1f ms, max %.1f ms%s\n", what, count, p50 / 1000, p99 / 1000, max / 1000, late
  }'
}

ratio() {
  awk -v what="$1" -v plain="$2" -v appdbs="$3" -v timeout="$TIMEOUT" 'BEGIN {
    printf "  %-14s plain Boot takes %s%.0f times as long (its call against the p50 of named databases)\n", what,
      (plain >= timeout * 1000000) ? "at least " : "", plain / appdbs
  }'
}

[[ "$CALLS" =~ ^[1-9][0-9]*$ && "$DATABASES" =~ ^[1-9][0-9]*$ && "$TIMEOUT" =~ ^[1-9][0-9]*$ ]] ||
  { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/jmh,benchmarks/health-plain-boot,benchmarks/health-appdbs
PLAIN_BOOT_CLASS_PATH="$(class_path_of benchmarks/health-plain-boot)"
refuse_appdbs_on "$PLAIN_BOOT_CLASS_PATH"
LOGS=()
trap stop EXIT
start "$(class_path_of benchmarks/jmh)" io.appdbs.benchmarks.BlackHoleServer
hole="$PORT"

appdbs=(--app.dbs-defaults.required=false --app.dbs-defaults.username=app)
plain_boot=()
sub_paths=(/health/dbs)
for ((database = 1; database <= DATABASES; database++)); do
  appdbs+=("--app.dbs.d$database.url=jdbc:postgresql://localhost:$hole/d$database")
  plain_boot+=("--databases.d$database=jdbc:postgresql://localhost:$hole/d$database?user=app")
  sub_paths+=("/health/dbs/d$database")
done

start "$(class_path_of benchmarks/health-appdbs)" io.appdbs.benchmarks.health.AppDbsApplication \
  "${OPTIONS[@]}" "${appdbs[@]}"
appdbs_port="$PORT"
start "$PLAIN_BOOT_CLASS_PATH" io.appdbs.benchmarks.health.PlainBootApplication \
  "${OPTIONS[@]}" "${plain_boot[@]}"
plain_boot_port="$PORT"

echo "$DATABASES databases, all black holes"
echo "AppDBs"
call "$appdbs_port" "$WARM_UP_CALLS" "$CALLS" /health
report /health
health="$P50"
call "$appdbs_port" 0 "$CALLS" "${sub_paths[@]}"
report "sub-paths"
sub_path="$P50"
echo "plain Boot"
call "$plain_boot_port" 0 1 /health/db/d1
report /health/db/d1
ratio_sub_path="$(ratio "a sub-path" "$MAX" "$sub_path")"
call "$plain_boot_port" 0 1 /health
report /health
echo "ratio"
ratio /health "$MAX" "$health"
echo "$ratio_sub_path"
