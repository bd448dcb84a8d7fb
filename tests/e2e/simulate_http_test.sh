#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# simulate http: a server process, clients that post messages and records over
# HTTP, and everything read back and verified, in one command. It leaves nothing
# behind, and it notices keys that are not the server's.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
own_temporary

say 'JSON'
works chancery simulate http --clients 5 --rate 2 --duration 10 --speed 10 \
  --block-size 30 --records 1000 --json
json sent 100
json accepted 100
json refused 0
json blocks 3
json pending 10
json proofs 90
json verified true
json fault null
json posted 1000
json replayed 25
json waited 10
json signatures 1000
json audit '"passed"'
! grep -q '"verified":false' out || fail 'records do not hold'
nothing_left

say 'text, with --keep'
works chancery simulate http --clients 3 --rate 1 --duration 4 --speed 10 \
  --block-size 5 --records 60 --keep kept
out_has '^3 clients posted 12 messages to http://127.0.0.1:[0-9]+ in '
out_has 'blocks +2 of 5 messages$'
out_has '✓ every receipt.s message is proven under the node.s key \(10\), or'
out_has '^beside them, 60 records in [0-9]+ requests in '
out_has '✓ every record has one signature, over the bytes'
! grep -q '✗' out || fail 'something does not hold'
works chancery audit --data kept/data --json
json passed true
json signatures 60
works chancery chain verify --data kept/data --json
json passed true
json messages 12
nothing_left

say 'the ledger alone'
works chancery simulate http --clients 1 --rate 1 --duration 2 --speed 10 \
  --records 0 --json
json records null
json verified true
nothing_left

say 'keys in the folder that are not those of the server'
works chancery init --data other --keys 2
"$binary" simulate http --clients 1 --rate 1 --duration 4 --records 40 \
  --keep changed >out 2>err &
simulation=$!
for _ in {1..600}; do
  ! grep -qs '^chancery serves' changed/logs/serve.out || break
  sleep 0.1
done
cp other/keyring.pub.json changed/data/keyring.pub.json
code=0 typed='simulate http, with other keys in its folder'
wait "$simulation" || code=$?
[[ $code == 1 ]] || fail 'expected exit code 1'
out_has '✗ the signature of record [0-9]+: key .* is not in the keyring'
out_has 'audit +broken'

say 'failures and signals leave nothing behind'
"$binary" simulate http --duration 600 >out 2>err &
simulation=$!
for _ in {1..300}; do
  ! compgen -G 'temporary/*/logs/serve.out' >/dev/null || break
  sleep 0.1
done
told_to_end "$simulation"
code=0 typed='simulate http, interrupted'
wait "$simulation" || code=$?
[[ $code == 1 ]] || fail 'expected exit code 1'
err_has 'stopped; the simulation is not complete'
nothing_left
misused chancery simulate http --clients 1001
misused chancery simulate http --records 1000001
