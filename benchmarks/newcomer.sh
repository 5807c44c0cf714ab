#!/usr/bin/env bash
# Follows docs/getting-started.md to the letter: starts in an empty folder, writes the files that the page prints for Maven, and executes
# its commands in order. Fails unless the test is green and each of the three databases has rows. Prints the number of commands and
# keystrokes, and the seconds. Maven and curl get options that make them print less: -B -ntp and -sS.
#
#   benchmarks/newcomer.sh                     with the local Maven repository of the user
#   benchmarks/newcomer.sh --empty-repository  with an empty local Maven repository, so everything is downloaded
#   benchmarks/newcomer.sh --installed         without the installation of AppDBs into the local Maven repository
#   PORT=18080 benchmarks/newcomer.sh          if the port 8080 is in use
#   PICTURE=docs/images/getting-started.png benchmarks/newcomer.sh
#                                              also takes a screenshot of the status page, with Chromium
set -euo pipefail
project="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
page="$project/docs/getting-started.md"
port="${PORT:-8080}"
work="$(mktemp -d)"
mkdir "$work/empty"
application=""

finish() {
  if [[ -n "$application" ]]; then
    kill -TERM -- "-$application" 2>/dev/null || true
    wait "$application" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

installed=""
case "${1:-}" in
  "") ;;
  # Maven 3.6 reads this variable, but not MAVEN_ARGS.
  --empty-repository) export MAVEN_OPTS="${MAVEN_OPTS:-} -Dmaven.repo.local=$work/repository" ;;
  --installed) installed=yes ;;
  *)
    echo "Unknown option '$1'. Known: --empty-repository, --installed" >&2
    exit 2
    ;;
esac
if (exec 3<>"/dev/tcp/localhost/$port") 2>/dev/null; then
  echo "The port $port is in use. Set PORT to a free one." >&2
  exit 1
fi
export SERVER_PORT="$port"

# Writes the files of the page into the current folder: '`name`:', followed by a block. The files of Gradle are not needed.
write_files() {
  awk '
    /^`[^`]+`:$/ { name = substr($0, 2, length($0) - 3); next }
    /^```/ {
      if (file) { close(file); file = "" }
      else if (name !~ /^$|gradle/) { file = name; folder = "./" name; sub(/[^\/]*$/, "", folder); system("mkdir -p " folder); print name }
      name = ""
      next
    }
    file { print > file }' "$page"
}

# Prints the commands of the page: the blocks with the language 'sh'. The one that begins with './mvnw' installs AppDBs.
list_commands() {
  awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$page" | if [[ -n "$installed" ]]; then grep -v '^\./mvnw'; else cat; fi
}

# Starts the application in the background, as in a terminal of its own, and waits for it.
start_application() {
  set -m
  bash -c "exec $1" >"$work/application.log" 2>&1 </dev/null &
  application=$!
  set +m
  until grep -q 'Started ShopApplication' "$work/application.log"; do
    if ! kill -0 "$application" 2>/dev/null; then
      cat "$work/application.log" >&2
      exit 1
    fi
    sleep 0.2
  done
  grep -E "Database '.*' is UP" "$work/application.log"
}

execute() {
  case "$1" in
    ./mvnw*) (cd "$project" && bash -c "$1 -B -ntp" >"$work/install.log" 2>&1) || { tail -n 50 "$work/install.log" >&2; exit 1; } ;;
    *spring-boot:run*) start_application "$1 -B -ntp" ;;
    mvn*) bash -c "$1 -B -ntp" 2>&1 | tee "$work/mvn.log" | grep -E 'Tests run:|BUILD|ERROR' || true
      grep -q 'BUILD SUCCESS' "$work/mvn.log" ;;
    curl*) bash -c "${1/:8080/:$port} -sS" | tee "$work/answer"; echo ;;
    cd*) eval "$1" ;;
    *) bash -c "$1" ;;
  esac
}

cd "$work/empty"
commands=0
command_characters=0
started=$SECONDS
while IFS= read -r command <&9; do
  echo "\$ $command"
  before=$SECONDS
  execute "$command"
  echo "  # $((SECONDS - before)) s"
  commands=$((commands + 1))
  command_characters=$((command_characters + ${#command} + 1))
  if [[ "$command" == cd* ]]; then
    write_files
  fi
done 9< <(list_commands)
seconds=$((SECONDS - started))

rows="$(curl -sS "http://localhost:$port/rows")"
for database in orders inventory catalog; do
  grep -q "\"$database\":\[{" <<<"$rows" || { echo "No rows in $database: $rows" >&2; exit 1; }
done
if [[ -n "${PICTURE:-}" ]]; then
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/chromium" --window-size=1236,360 \
    --screenshot="$work/picture.png" "http://localhost:$port/actuator/databases" >/dev/null 2>&1
  cp "$work/picture.png" "$project/$PICTURE"
fi
files="$(find . -type f -not -path './target/*')"
echo
echo "Rows in three databases: yes. Tests: green."
echo "Commands: $commands with $command_characters characters. Files: $(wc -l <<<"$files") with $(xargs cat <<<"$files" | wc -m) characters."
echo "Seconds: $seconds"
