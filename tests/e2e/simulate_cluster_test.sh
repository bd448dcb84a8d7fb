#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# simulate cluster: several hosts in one command, some killed while they sign.
# It leaves no process or file behind, however it ends.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
own_temporary

# Waits until no process has a path in TMPDIR on its command line.
nobody_left() {
  local _
  for _ in {1..200}; do
    grep -lsF -- "$TMPDIR" /proc/[0-9]*/cmdline >processes || return 0
    sleep 0.05
  done
  fail "processes are left: $(<processes)"
}

all_gone() {
  nothing_left
  nobody_left
}

say 'JSON, with kills'
works chancery simulate cluster --records 20000 --crypto-provider botan \
  --kills 3 --lease-ms 1000 --keys 40 --json
json records 20000
json signed 20000
json left 0
json wrong 0
json audit '"passed"'
json workers_stopped 1
json workers_killed 1
json coordinators_killed 1
json kills_while_signing 3
(($(number leases_lost) >= 1)) || fail 'no lease was lost'
err_has '^chancery: seed 1$'
json epochs 2
json nodes_killed 1
json accepted 1200
json messages 1200
all_gone

say 'text, with --keep'
works chancery simulate cluster --records 2000 --workers 1 --kills 0 \
  --coordinator-signers 1 --no-ledger --keep kept
out_has '^Signed 2,000 records with 100 keys'
out_has 'audit +passed'
out_has 'seed +1$'
! grep -q clients out || fail 'the ledger ran in spite of --no-ledger'
works chancery audit --data kept/data
fails chancery simulate cluster --keep kept
err_has 'is not empty'
all_gone

say 'a signal ends all processes'
"$binary" simulate cluster --records 200000 --crypto-provider botan \
  >out 2>err &
simulation=$!
sleep 3
told_to_end "$simulation"
code=0 typed='simulate cluster, interrupted'
wait "$simulation" || code=$?
[[ $code == 1 ]] || fail 'expected exit code 1'
err_has 'stopped; the simulation is not complete'
all_gone

say 'kill -9 ends all processes, and leaves the folder'
"$binary" simulate cluster --records 200000 --crypto-provider botan \
  >out 2>err &
simulation=$!
typed='simulate cluster, killed' code=
for _ in {1..1200}; do
  ! compgen -G 'temporary/*/logs/worker-1.err' >/dev/null || break
  sleep 0.05
done
kill -9 "$simulation"
wait "$simulation" 2>/dev/null || true
nobody_left

say 'usage'
misused chancery simulate cluster --workers 0
misused chancery simulate cluster --records 0
misused chancery simulate cluster --lease-ms 1
