#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Uses valgrind to find branches and addresses in crypto/p256 that depend on
# keys or nonces.
#
#   tests/constant_time/run.sh build   builds it into build/constant_time
#   tests/constant_time/run.sh check   runs it, and three kernels that leak on
#                                      purpose, which valgrind must report
#
# CXX is the compiler (default g++). CONSTANT_TIME_BUILD is the build folder
# (default build/constant_time), for a build with another compiler.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${CONSTANT_TIME_BUILD:-$root/build/constant_time}
program=$build/constant_time_test
found=3

fail() {
  echo "constant_time: $*" >&2
  exit 1
}

watched() {
  valgrind --quiet --error-exitcode="$found" --track-origins=yes \
    --error-limit=no "$program" "$@"
}

# Fails unless valgrind reports the leak of a kernel that leaks on purpose.
must_be_found() {
  local leak=$1 words=$2 output code=0
  output=$(watched "$leak" 2>&1) || code=$?
  if ((code != found)) || ! grep -q "$words" <<<"$output"; then
    echo "$output" >&2
    fail "valgrind did not report the deliberate $leak (exit code $code)"
  fi
  echo "valgrind reports the deliberate $leak: $words"
}

case ${1-} in
  build)
    cmake -S "$root/tests/constant_time" -B "$build" -G Ninja \
      -DCMAKE_CXX_COMPILER="${CXX:-g++}" >/dev/null
    exec cmake --build "$build" -j "$("$root/apps/packages.sh" --jobs)"
    ;;
  check)
    [[ -x $program ]] \
      || fail "no $program; run tests/constant_time/run.sh build"
    command -v valgrind >/dev/null || fail 'valgrind is missing; install it'
    watched || fail 'valgrind reported an error or the test failed; see above'
    must_be_found branch 'Conditional jump or move depends'
    must_be_found look_up 'Use of uninitialised value'
    must_be_found choice 'Conditional jump or move depends'
    must_be_found product 'Use of uninitialised value'
    ;;
  *) fail 'give build or check' ;;
esac
