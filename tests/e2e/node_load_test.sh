#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Ten thousand lines of garbage, lines of unlimited length, and a full disk:
# every line is answered, memory stays flat, and no message with a receipt is
# lost.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data CHANCERY_CLIENT=client
# Freed memory in the sanitizer's quarantine would count as growth.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1"

resident_kb() { awk '/^VmRSS:/ { print $2 }' "/proc/$running/status"; }

# answered NUMBER: waits until that many lines are answered.
answered() {
  for _ in {1..6000}; do
    (($(wc -l <node.out) < $1)) || return 0
    kill -0 "$running" 2>/dev/null || break
    sleep 0.05
  done
  cp node.err err
  fail "$(wc -l <node.out) of $1 lines are answered"
}

works chancery node --keys
cp out node.keys
works chancery client init --node-keys node.keys
works chancery client register
cp out register
works chancery client seal '"a message of which half will be sent"'
cp out message

say 'a thousand lines of garbage, of many kinds'
half=$(head -c 300 message)
line() {
  case $(($1 % 8)) in
    0) echo ;;
    1) echo "$half" ;;
    2) echo 'a.b.c' ;;
    3) echo '....' ;;
    4) tr '.' ',' <message ;;
    5) echo '{"v":1}' ;;
    6) printf 'line %d \x01\xff\xfe\n' "$1" ;;
    7) tr 'A-Z' 'B-ZA' <message ;;
  esac
}
for i in {1..1000}; do line "$i"; done >garbage
head -c 5000000 /dev/zero | tr '\0' A >long_line
echo >>long_line
starts_node --stdin --validators 2
cat garbage >&5
cat long_line >&5
answered 1001
after_thousand=$(resident_kb)
for _ in {1..9}; do cat garbage >&5; done
for _ in {1..20}; do cat long_line >&5; done
answered 10021
after_all=$(resident_kb)
echo "resident: $after_thousand kB after 1,001 lines, $after_all kB after 10,021"
((after_all < after_thousand + 20000)) || fail 'memory grows with the lines'

say 'honest lines are still accepted'
cat register message >&5
ended_node 0
[[ $(grep -c '^{"refused":"not_encrypted_to_me"\|^{"refused":"not_signed"' out) \
  == 10000 ]] || fail 'a garbage line was not refused'
[[ $(grep -c '^{"refused":"too_large"' out) == 21 ]] \
  || fail 'expected 21 lines that are too large'
[[ $(tail -2 out | cut -d'"' -f2 | tr '\n' ' ') == 'registered receipt ' ]] \
  || fail 'the last two lines were not accepted'
works chancery chain verify --json
json messages 1

say 'SIGTERM ends a node in the middle of an endless line'
typed='a node that reads an endless line'
"$binary" node --stdin < <(tr '\0' A </dev/zero) >node.out 2>node.err &
running=$!
sleep 2
told_to_end "$running"
code=0
wait "$running" || code=$?
cp node.err err
[[ $code == 0 ]] || fail 'expected exit code 0'

say 'a full disk'
if try_mount -t tmpfs -o size=6m none full; then
  export CHANCERY_DATA=full/data CHANCERY_CLIENT=full_client
  works chancery node --keys
  cp out full.keys
  works chancery client init --node-keys full.keys
  works chancery client register
  cp out lines
  node_answers lines # below the reserve of free space
  out_has '^{"refused":"disk_full"'
  node_answers lines --disk-reserve 0
  body=$(head -c 60000 /dev/zero | tr '\0' x)
  dd if=/dev/zero of=full/ballast bs=1k count=4700 status=none
  receipts=0
  for _ in {1..60}; do
    works chancery client seal "\"$body\""
    cp out line
    code=0
    "$binary" node --stdin --disk-reserve 0 <line >answer 2>err || code=$?
    ((code == 0)) || break
    works chancery client accept answer
    receipts=$((receipts + 1))
  done
  echo "$receipts receipts before the disk was full"
  cp answer out
  typed='node on a full disk'
  [[ $code == 1 && $receipts -gt 0 ]] || fail 'the disk did not fill'
  err_has 'the disk is full|No space left'
  ! grep -q '"receipt"' answer \
    || fail 'a message that is not stored has a receipt'
  works chancery chain verify --json
  json messages "$receipts"
  rm full/ballast
  node_answers line --disk-reserve 0
  cp out answer
  works chancery client accept answer
  works chancery chain verify --json
  json messages "$((receipts + 1))"
  json passed true
else
  skipped 'mounting a small disk is not allowed'
fi
