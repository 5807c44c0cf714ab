#!/usr/bin/env bash
# Builds the micro-benchmarks and runs them: benchmarks/jmh.sh [options of JMH], for example
#   benchmarks/jmh.sh BorrowBenchmark
#   benchmarks/jmh.sh -h
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh

build_class_paths benchmarks/jmh
exec "$JAVA" -cp "$(class_path_of benchmarks/jmh)" org.openjdk.jmh.Main "$@"
