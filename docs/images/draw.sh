#!/usr/bin/env bash
# Draws status-page.png and dashboard.png: starts the sample application with 'inventory' on a PostgreSQL server that is stopped twice, a
# Prometheus server and some clients, takes a screenshot of the status page during the second outage, and draws panels of
# docs/dashboard.json. Needs PostgreSQL, Prometheus, Chromium and Python 3 (Debian: postgresql prometheus chromium python3).
# getting-started.png is drawn by benchmarks/newcomer.sh.
#
#   ./mvnw -pl sample-app -am package -DskipTests && docs/images/draw.sh
set -euo pipefail
project="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
jar="$(find "$project/sample-app/target" -maxdepth 1 -name 'appdbs-sample-app-*.jar' -not -name '*-sources.jar' -not -name '*-javadoc.jar' |
  head -n 1)"
[[ -n "$jar" ]] || { echo "The sample application has not been packaged." >&2; exit 1; }
programs="$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)"
work="$(mktemp -d)"
chmod 755 "$work"
mkdir "$work/data"
processes=()

# PostgreSQL refuses to run as root.
as_server() {
  if [[ "$(id -u)" == 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

finish() {
  kill "${processes[@]}" 2>/dev/null || true
  as_server "$programs/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  wait
  rm -rf "$work"
}
trap finish EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_server() {
  as_server "$programs/pg_ctl" -D "$work/data" -o "-p $server_port -k $work/data -c listen_addresses=127.0.0.1" -l "$work/data/log" \
    -w start >/dev/null
}

stop_server() {
  as_server "$programs/pg_ctl" -D "$work/data" -m fast stop >/dev/null
}

# Takes a screenshot of an address: height, file, address.
screenshot() {
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 --user-data-dir="$work/chromium" \
    --virtual-time-budget=1000 --window-size="1236,$1" --screenshot="$2" "$3" >/dev/null 2>&1
}

application_port="$(free_port)"
server_port="$(free_port)"
prometheus_port="$(free_port)"
[[ "$(id -u)" != 0 ]] || chown postgres "$work/data"
as_server "$programs/initdb" -D "$work/data" -U shop -A trust >/dev/null
start_server
as_server "$programs/createdb" -h 127.0.0.1 -p "$server_port" -U shop inventory

INVENTORY_URL="postgresql://127.0.0.1:$server_port/inventory" INVENTORY_USERNAME=shop SERVER_PORT="$application_port" \
  java -jar "$jar" >"$work/application.log" 2>&1 &
processes+=($!)
printf '%s\n' 'global: { scrape_interval: 1s }' 'scrape_configs:' '- job_name: shop' '  metrics_path: /actuator/prometheus' '  static_configs:' \
  "  - targets: ['localhost:$application_port']" '    labels: { instance: shop-1 }' >"$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" --web.listen-address="127.0.0.1:$prometheus_port" \
  >"$work/prometheus.log" 2>&1 &
processes+=($!)
until grep -q 'Started SampleApplication' "$work/application.log"; do
  kill -0 "${processes[0]}" || { cat "$work/application.log" >&2; exit 1; }
  sleep 0.5
done

# Reads and writes each database, as customers do.
customer() {
  local number=0 base="http://localhost:$application_port"
  while true; do
    number=$((number + 1))
    for path in products/moka-pot stock orders products/moka-pot/reviews; do
      curl -s -o /dev/null "$base/$path" || true
    done
    curl -s -o /dev/null -X PUT -H 'Content-Type: application/json' "$base/stock/moka-pot" -d '{"quantity": 1000}' || true
    curl -s -o /dev/null -H 'Content-Type: application/json' "$base/orders" \
      -d "{\"reference\": \"$1-$number\", \"items\": [{\"productId\": \"moka-pot\", \"quantity\": 1}]}" || true
    sleep 0.1
  done
}
for name in a b c; do
  customer "$name" &
  processes+=($!)
done

# One outage that is over, and one that lasts.
sleep 60
stop_server
sleep 30
start_server
sleep 60
stop_server
sleep 40
screenshot 690 "$project/docs/images/status-page.png" "http://localhost:$application_port/actuator/databases"
python3 "$project/docs/images/draw_dashboard.py" "http://localhost:$prometheus_port" --minutes 3 \
  --panels 'Required databases that are down' 'Optional databases that are down' 'Suspended databases' 'Databases with failing credentials' \
  State 'Connections in use' 'Callers without a connection' 'Time of a probe' 'Retries after conflicts' >"$work/dashboard.html"
screenshot 920 "$project/docs/images/dashboard.png" "file://$work/dashboard.html"
ls -l "$project"/docs/images/*.png
