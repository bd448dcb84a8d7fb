#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# simulate signing: the whole job in one command. It leaves nothing behind.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
own_temporary

say 'JSON'
works chancery simulate signing --records 3000 --keys 10 --batch-size 50 \
  --signers 2 --json
json records 3000
json keys 10
json batch_size 50
json signers 2
[[ $(text provider) =~ ^(batch|openssl)$ ]] \
  || fail 'expected the fastest provider'
json batches 60
json verified 3000
json audit '"passed"'
for name in records_per_second cpu_us_per_record raw_rate share_of_raw_rate \
  commits keys_used_least keys_used_most seconds; do
  [[ -n $(number "$name") && ! $(number "$name") =~ ^0+(\.0*)?$ ]] \
    || fail "no $name"
done
nothing_left

say 'text'
works chancery simulate signing --records 200 --keys 3 --batch-size 1 \
  --signers 5 --crypto-provider botan
out_has '^Signed 200 records with 3 keys, in batches of 1, by 5 signers:$'
out_has 'share of the raw rate +[0-9.]+%'
out_has 'crypto provider +botan'
out_has 'audit +passed'
err_has 'warning: 5 signers share 3 keys'
nothing_left

say 'the other curve, with --keep'
works chancery simulate signing --records 100 --keys 2 --curve p384 \
  --keep kept --json
json provider '"botan"'
json verified 100
works chancery audit --data kept
works chancery verify --data kept
fails chancery simulate signing --records 100 --keep kept
err_has 'is not empty'
nothing_left

say 'failures and signals leave nothing behind'
fails chancery simulate signing --records 100000 --map-size 1M
nothing_left
for delay in 0.2 0.5 2; do
  "$binary" simulate signing --records 100000 --signers 1 \
    --crypto-provider botan >out 2>err &
  simulation=$!
  # Signals are handled before the temporary folder is made.
  until [[ -n $(ls -A temporary) ]]; do
    kill -0 "$simulation" || fail 'it ended before it made its folder'
    sleep 0.01
  done
  sleep "$delay"
  told_to_end "$simulation"
  code=0 typed="simulate, interrupted after $delay s"
  wait "$simulation" || code=$?
  [[ $code == 1 ]] || fail 'expected exit code 1'
  err_has 'stopped; the simulation is not complete'
  nothing_left
done

say 'usage'
misused chancery simulate
misused chancery simulate nonsense
misused chancery simulate signing --records 0
misused chancery simulate signing --batch-size 100001
