#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds and runs the fuzz targets.
#
#   tests/fuzz/run.sh build             builds them into build/fuzz
#   tests/fuzz/run.sh message [ARG...]  runs one: message, block, certificate,
#                                       frame, http, json, seal or table;
#                                       arguments go to libFuzzer
#                                       (-max_total_time=3600)
#
# Without arguments a run takes 10 seconds. New inputs are stored in a folder
# for each target in build/fuzz/corpus. An input that fails is printed and
# written to build/fuzz/corpus.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/build/fuzz

if [[ ${1-} == build ]]; then
  cmake -S "$root/tests/fuzz" -B "$build" -G Ninja \
    -DCMAKE_CXX_COMPILER="${CLANGXX:-clang++}" >/dev/null
  exec cmake --build "$build" -j "$("$root/apps/packages.sh" --jobs)"
fi

target=${1:?give build, message, block, certificate, frame, http, json, seal or table}
shift
if [[ ! -x $build/${target}_fuzz ]]; then
  echo "fuzz: no $build/${target}_fuzz; run tests/fuzz/run.sh build" >&2
  exit 1
fi
mkdir -p "$build/corpus/$target"
cd "$build/corpus"
if (($# == 0)); then
  set -- -max_total_time=10
fi
exec "$build/${target}_fuzz" -max_len=8192 -rss_limit_mb=2048 -timeout=30 \
  -print_final_stats=1 "$@" "$build/corpus/$target" \
  "$root/tests/fuzz/corpus/$target"
