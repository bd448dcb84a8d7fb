#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The one test command: installs missing packages, builds with sanitizers and
# warnings as errors, and runs every test. Arguments go to ctest
# (tests/run.sh -R storage). Fails if anything fails or no test runs.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

parts=()

part() {
  local name=$1 begin=$SECONDS
  shift
  echo "== $name"
  if ! "$@"; then
    echo "tests: $name failed" >&2
    exit 1
  fi
  parts+=("$name $((SECONDS - begin)) s")
}

jobs=$(apps/packages.sh --jobs)
part packages apps/packages.sh tests
part configure cmake --preset dev
part build cmake --build build/dev -j "$jobs"
part 'fuzz targets' tests/fuzz/run.sh build
part 'constant time' tests/constant_time/run.sh build
part 'JavaScript packages' tests/js/run.sh install

# The frames that were left, kept to find their use, take 64 KiB of each size in
# each thread instead of 1 MiB, which each process would touch from end to end.
export ASAN_OPTIONS="detect_leaks=1:detect_stack_use_after_return=1\
:max_uar_stack_size_log=16:handle_sigill=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"

printf '== seconds:'
printf ' %s,' "${parts[@]}"
echo ' tests: see the end of the output'
exec ctest --test-dir build/dev --output-on-failure --no-tests=error \
  -j "$jobs" "$@"
