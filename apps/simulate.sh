#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the packages, builds, and runs the simulations of signing, of seals,
# of a ledger, of a cluster whose hosts are killed at work, and of clients that
# post messages and records to a service over HTTP. Arguments go to `chancery
# simulate signing`. A simulated minute of the ledger takes a second; the
# cluster, whose hosts are processes of this host, takes half a minute. A second
# run builds only what has changed.
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

# Shows the build's progress on one line when stdout is a terminal.
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
say "running: chancery simulate signing --purpose seal"
"$chancery" simulate signing --purpose seal
say "running: chancery simulate ledger --speed 60"
"$chancery" simulate ledger --speed 60
say "running: chancery simulate cluster"
"$chancery" simulate cluster
say "running: chancery simulate http --speed 60"
"$chancery" simulate http --speed 60
say "all of it holds. To look at it, send messages and verify them yourself:"
cat <<END
  mkdir try && cd try
  $chancery serve
and open http://127.0.0.1:8080/ in a browser; /docs there has the routes.
END
