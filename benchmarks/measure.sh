# Sourced by the other scripts, after build.sh: starts a server, and measures the wall time of processes.

QUIET=(--spring.main.banner-mode=off --logging.level.root=warn)

# Starts the given server class of the JMH module with its arguments and sets PORT.
start_postgres() {
  local log="benchmarks/jmh/target/postgres.log"
  coproc POSTGRES { exec "$JAVA" -cp "$(class_path_of benchmarks/jmh)" "$@" 2>"$log"; }
  local pid="$POSTGRES_PID" input="${POSTGRES[1]}"
  # The server ends when its standard input does, which is also what a killed script leaves behind.
  trap "exec $input>&-; wait $pid" EXIT
  read -r PORT <&"${POSTGRES[0]}" || { echo "PostgreSQL did not start, see $log" >&2; exit 1; }
}

# Ends the script if AppDBs is on the given class path, which must be that of plain Boot.
refuse_appdbs_on() {
  if [[ "$1" == *appdbs-spring-boot* ]]; then
    echo "The class path of plain Boot has AppDBs on it: $1" >&2
    exit 1
  fi
}

# Runs one application and sets MICROS to the wall time. The script ends if the application fails or prints anything.
measure() {
  local output status=0 start="${EPOCHREALTIME//[^0-9]/}"
  output="$("$@" 2>&1)" || status=$?
  MICROS=$((${EPOCHREALTIME//[^0-9]/} - start))
  if ((status != 0)) || [[ -n "$output" ]]; then
    echo "$* ended with status $status and said:" >&2
    echo "$output" >&2
    exit 1
  fi
}

# Prints the median of its arguments, in whole microseconds.
median() {
  printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); print int((v[m] + v[NR - m + 1]) / 2) }'
}

# Prints the smallest of its arguments.
fastest() {
  printf '%s\n' "$@" | sort -n | awk 'NR == 1'
}
