#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# From a fresh checkout to a signed database, a ledger, and several hosts that
# are killed at work: packages, build, run. Arguments go to `chancery simulate
# signing`; the ledger's minute then takes a second, and the hosts, processes of
# this one, half a minute. Running it again builds only what is left.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
from=$PWD
log=$root/build/simulate.log

say() { echo "simulate: $*"; }

quietly() {
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    say "this failed: $*" >&2
    exit 1
  fi
}

# One line that shows how far the compiler is, where somebody looks on.
build() {
  cmake --build build/release -j "$("$root/apps/packages.sh" --jobs)" 2>&1 \
    | tee "$log" | while IFS= read -r line; do
    if [[ -t 1 && $line =~ ^\[[0-9]+/[0-9]+\] ]]; then
      printf '\r%s' "${BASH_REMATCH[0]}"
    fi
  done
}

say "checking the packages"
"$root/apps/packages.sh"

mkdir -p "$root/build"
say "configuring build/release"
cd "$root"
quietly cmake --preset release

say "building (the first time takes some minutes)"
if ! build; then
  grep -v '^\[[0-9]*/[0-9]*\] Building' "$log" >&2
  say "the build failed, see above" >&2
  exit 1
fi
if [[ -t 1 ]]; then
  printf '\r'
fi

cd "$from"
chancery=$root/build/release/apps/chancery
say "running: chancery simulate signing $*"
"$chancery" simulate signing "$@"
say "running: chancery simulate ledger --speed 60"
"$chancery" simulate ledger --speed 60
say "running: chancery simulate cluster"
exec "$chancery" simulate cluster
