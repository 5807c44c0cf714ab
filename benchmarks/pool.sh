#!/usr/bin/env bash
# Measures pools of fixed sizes and one that follows the load, while the load changes:
#   benchmarks/pool.sh [seconds per phase] [rounds]
# In each round, an application with each pool has 64 clients, which go through four phases: statements that keep the processor
# busy, that wait in the server for 10 ms, that all update one row, and short ones among those that wait. The server is on the
# same machine. With 10 s and 2 rounds, the default, it takes seven minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh

SECONDS_PER_PHASE="${1:-10}"
ROUNDS="${2:-2}"
[[ "$SECONDS_PER_PHASE $ROUNDS" =~ ^[1-9][0-9]*\ [1-9][0-9]*$ ]] || { sed -n '2,6s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/pool-appdbs
exec "$JAVA" -cp "$(class_path_of benchmarks/pool-appdbs)" io.appdbs.benchmarks.pool.PoolBenchmark "$SECONDS_PER_PHASE" "$ROUNDS"
