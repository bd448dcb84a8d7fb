#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Signing on a core that makes mistakes, on the coordinator's host and on a
# worker's: the process ends with one sentence, nothing of the faulty call is
# stored, and a sound host finishes the run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
library=$(realpath "$2")

makes_cluster 8 w1 w2

# on_faulty_core CALLS COMMAND...: the first CALLS signatures are right; one of
# them is that of the provider's self test.
on_faulty_core() {
  local calls=$1
  shift
  env CHANCERY_FAULT_AFTER="$calls" LD_PRELOAD="$library" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$@"
}

ends_in_words() { # PROCESS
  err_has 'a new signature of key .* does not verify'
  err_has 'the crypto provider openssl'
  err_has 'earlier batches: run `chancery repair`'
  [[ $(grep -c 'does not verify' err) == 1 ]] || fail "$1 says it repeatedly"
}

say 'sign'
more_records 3000
fails on_faulty_core 1 "$binary" sign --crypto-provider openssl \
  --batch-size 100 --signers 1
ends_in_words sign
works chancery status --json
json signed 0
passes_audit
works chancery sign --batch-size 100

say 'sign --paranoid finds the first one'
more_records 500
fails on_faulty_core 131 "$binary" sign --crypto-provider openssl \
  --batch-size 10 --signers 1 --paranoid
ends_in_words sign
is_unsigned
works chancery verify --json
json wrong 0
works chancery sign

say 'worker'
more_records 3000
coordinates 0 --batch-size 100
code=0
typed='the worker w1'
on_faulty_core 1 "$binary" worker --json --connect "127.0.0.1:$port" \
  --cluster w1 --keyring keys.bundle \
  --crypto-provider openssl --signers 1 >out 2>err || code=$?
((code == 1)) || fail 'expected exit code 1'
ends_in_words worker
joins w2 --once
coordinator_ends 0
grep -qF '"refused_workers":[]' out || fail 'the coordinator saw it'
worker_ends w2 0
works chancery verify --json
json wrong 0
passes_audit
