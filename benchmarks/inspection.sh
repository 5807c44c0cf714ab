#!/usr/bin/env bash
# Measures the inspection of a PostgreSQL database with many tables:
#   benchmarks/inspection.sh [tables]
# Measures each topic with the server's caches empty and, as the best of three, full, and while another session has locked a
# large table; the comparable checks of pg-index-health; and the throughput of an application that is inspected meanwhile.
# There is one run and one server. With 10,000 tables, it takes about eight minutes and 2 GB in the folder for temporary files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh

TABLES="${1:-10000}"
[[ "$TABLES" =~ ^[1-9][0-9]*$ ]] || { sed -n '2,6s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/inspection-appdbs
exec "$JAVA" -cp "$(class_path_of benchmarks/inspection-appdbs)" io.appdbs.benchmarks.inspection.InspectionBenchmark "$TABLES"
