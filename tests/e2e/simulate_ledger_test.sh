#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# simulate ledger: clients, a node, the chain, every receipt and every attack in
# one command. It leaves nothing behind.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
own_temporary

say 'JSON'
works chancery simulate ledger --clients 5 --rate 2 --duration 10 --speed 5 \
  --block-size 30 --json
json sent 100
json accepted 100
json refused 0
json blocks 3
json pending 10
json verified true
for name in latency_ms_p50 latency_ms_p99 messages_per_second seconds; do
  [[ -n $(number "$name") && ! $(number "$name") =~ ^0+(\.0*)?$ ]] \
    || fail "no $name"
done
nothing_left

say 'text, with every attack'
works chancery simulate ledger --clients 3 --rate 1 --duration 4 --speed 10 \
  --block-size 5 --attack
out_has '^3 clients sent 12 messages to one node in '
out_has 'blocks +2 of 5 messages$'
out_has 'not in a block yet +2$'
out_has '✓ half a message +not_encrypted_to_me$'
out_has '✓ a registration that is not on the list +not_allowed$'
out_has '✓ every receipt that a client holds is in the chain \(12\)$'
! grep -q '✗' out || fail 'something does not hold'
nothing_left

say 'JSON with attacks, with --keep'
works chancery simulate ledger --clients 2 --rate 5 --duration 1 \
  --block-size 4 --attack --keep kept --json
json verified true
json blocks 2
json pending 2
[[ $(grep -oE '"attack":"[^"]*"' out | wc -l) -ge 50 ]] \
  || fail 'fewer than 50 attacks'
grep -oE '"expected":"[^"]*","got":"[^"]*"' out >pairs
[[ $(sed -E 's/"expected":"(.*)","got":"(.*)"/\1=\2/' pairs \
  | awk -F= '$1 != $2' | wc -l) == 0 ]] || fail 'an attack succeeded'
for code in too_large not_encrypted_to_me not_signed bad_schema wrong_node \
  not_the_sender unknown_client bad_signature stale_sequence not_allowed \
  'first receipt'; do
  grep -qF "\"got\":\"$code\"" pairs || fail "no attack met $code"
done
works chancery chain verify --data kept --json
json passed true
json clients 4
fails chancery simulate ledger --keep kept
err_has 'is not empty'
nothing_left

say 'failures and signals leave nothing behind'
fails chancery simulate ledger --clients 1 --rate 100 --duration 10 --speed 10 \
  --map-size 128K
nothing_left
"$binary" simulate ledger --duration 600 >out 2>err &
simulation=$!
sleep 2
told_to_end "$simulation"
code=0 typed='simulate ledger, interrupted'
wait "$simulation" || code=$?
[[ $code == 1 ]] || fail 'expected exit code 1'
err_has 'stopped; the simulation is not complete'
nothing_left

say 'usage'
misused chancery simulate ledger --clients 0
misused chancery simulate ledger --clients 10001
misused chancery simulate ledger --rate 0
misused chancery simulate ledger --rate 1e3
misused chancery simulate ledger --rate 0.01 --duration 1
misused chancery simulate ledger --clients 10000 --rate 10000 --duration 100
misused chancery simulate ledger --block-size 0
