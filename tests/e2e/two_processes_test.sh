#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Two processes on one data folder: while one changes it, others that would
# change it are refused, and readers work.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data
works chancery init --keys 4
works chancery records seed --count 80000

say 'a sign that outlasts the commands below'
"$binary" sign --crypto-provider botan --signers 1 --batch-size 50 --json \
  >sign.out 2>sign.err &
first=$!
for _ in {1..200}; do
  [[ ! -e data/status.json ]] || break
  sleep 0.05
done
sleep 1.3

say 'commands that change the folder are refused, naming its process id'
for command in sign 'keys add 1' 'records seed --count 1' \
  'records import sign.err'; do
  # shellcheck disable=SC2086
  fails chancery $command
  err_has "process $first"
done
fails chancery sign --json
json error '"data is in use by process'
json ended '"in_use"'

say 'status shows its progress'
works chancery status --json
json in_use_by "$first"
json total 80000
json batch_size 50
json signers 1
out_has "\"running\":\\{.*\"pid\":$first"
works chancery status
out_has "^Now       process $first is signing: [0-9,]+ of 80,000 \\("
out_has ' of 4 keys out$'
out_has 'not closed'

say 'readers work'
for command in 'verify --sample 100' 'keys list' 'records get 3' \
  'records count'; do
  # shellcheck disable=SC2086
  works chancery $command
done
works chancery export --out so_far.jsonl
for _ in 1 2 3; do
  works chancery audit --threads 2 --json
  json passed true
  json beside "$first"
  err_has "process $first works in this folder: the audit takes what is stored"
  kill -0 "$first" || fail 'the sign has ended'
done
[[ $(number signatures) != 0 ]] || fail 'nothing was signed yet'

say 'SIGINT: sign finishes what is in flight, reports what is left, exits 1'
kill -INT "$first"
code=0 typed='sign, interrupted'
wait "$first" || code=$?
cp sign.out out
cp sign.err err
[[ $code == 1 ]] || fail 'expected exit code 1'
err_has 'records are left: run `chancery sign` again'
json stopped true
json ended '"interrupted"'
signed=$(number signed)
left=$(number left)
[[ $signed -gt 0 && $left -gt 0 && $((signed + left)) == 80000 ]] \
  || fail 'signed and left do not add up'
[[ ! -e data/status.json ]] || fail 'the status file is left over'
works chancery status --json
json signed "$signed"
json left "$left"
json running null
! grep -q '"closed":null' out || fail 'the epoch is not closed'
works chancery audit

say 'a second signal ends it at once without loss'
"$binary" sign --crypto-provider botan --signers 1 >out 2>err &
second=$!
for _ in {1..200}; do
  [[ ! -e data/status.json ]] || break
  sleep 0.05
done
told_to_end "$second"
kill -INT "$second" 2>/dev/null || true
code=0 typed='sign, interrupted twice'
wait "$second" || code=$?
[[ $code == 1 ]] || fail 'expected exit code 1'

say 'the next run continues'
works chancery sign
works chancery audit --json
json signatures 80000
json unsigned 0

say 'two containers, in each of which it is process 1'
apart=(unshare --pid --fork --mount-proc)
if ((EUID == 0)) && "${apart[@]}" true 2>/dev/null; then
  works chancery node --keys
  rm -f input
  mkfifo input
  : >node.err
  "${apart[@]}" "$binary" node --stdin <input >node.out 2>node.err &
  running=$!
  exec 5>input
  for _ in {1..1200}; do
    ! grep -q 'messages in a block' node.err || break
    sleep 0.05
  done
  typed='chain count as another process 1'
  code=0
  "${apart[@]}" "$binary" chain count </dev/null >out 2>err || code=$?
  [[ $code == 1 ]] || fail 'expected exit code 1'
  err_has 'another process with the same process id reads it.*--pid=host'
  works chancery chain count
  ended_node 0
else
  skipped 'namespaces of process ids are not allowed here'
fi
