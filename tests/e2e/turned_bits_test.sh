#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# One turned bit in a database, or a file that is cut short: every command
# answers or says that the database is damaged; none ends by a signal. What is
# signed, and its signatures, are found wherever they change.
# CHANCERY_FLIPS=2000 turns as many bits in each database, and cuts in more
# places, by hand.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data CHANCERY_CLIENT=client
flips=${CHANCERY_FLIPS:-2}
RANDOM=2026

say 'a store with signed and unsigned records, and a ledger with blocks'
works chancery init --keys 3
for i in {1..300}; do echo "{\"invoice\":$i,\"note\":\"signed\"}"; done >lines
works chancery records import --format jsonl lines
works chancery sign --batch-size 7
for i in {1..100}; do echo "{\"invoice\":$i,\"note\":\"unsigned\"}"; done >lines
works chancery records import --format jsonl lines
works chancery node --keys --block-size 3
cp out node.keys
works chancery client init --node-keys node.keys
chancery client register >line
node_answers line
for i in {1..8}; do
  chancery client seal "{\"invoice\":$i}" >line
  node_answers line
  chancery client accept <out >/dev/null
done
cp -r data sound

# at FILE OFFSET: the byte there.
at() { od -An -tu1 -j "$2" -N1 "$1" | tr -d ' '; }

# turn FILE BIT
turn() {
  local byte
  byte=$(at "$1" $(($2 / 8)))
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\x$(printf %x $((byte ^ (1 << $2 % 8))))" \
    | dd of="$1" bs=1 seek=$(($2 / 8)) conv=notrunc status=none
}

# Runs a command on damaged data: no signal, and a sentence if it fails.
survives() {
  typed="$* ($what)"
  code=0
  "$binary" "$@" </dev/null >out 2>err || code=$?
  ((code < 3)) || fail 'ended by a signal, or worse'
  ((code == 0)) || [[ -s err || -s out ]] || fail 'ended without a word'
}

# What is stored, as far as commands show it.
shown() {
  for _ in once; do
    chancery "$@" </dev/null || true
  done 2>/dev/null | cksum
}

declare -A became

# judged DATABASE CHECK... : how the check takes it, counted in `became`.
judged() {
  local database=$1
  shift
  survives "$@"
  local kind=noticed
  if grep -q 'is damaged\|newer chancery\|another version' err; then
    kind=refused
  elif ((code == 0)); then
    kind='as before'
    [[ $(shown export --format jsonl --no-verify; shown records get 350) \
      == "$before" ]] || kind='read, not vouched for'
  fi
  kind="$database, $kind"
  became[$kind]=$((${became[$kind]:-0} + 1))
}

put_back() { cp "sound/$1/data.mdb" "data/$1/data.mdb"; }

before=$(shown export --format jsonl --no-verify; shown records get 350)

say 'bits of the record store'
store=data/records/data.mdb
for ((i = 0; i < flips; ++i)); do
  bit=$(((RANDOM << 30 | RANDOM << 15 | RANDOM) % (8 * $(stat -c %s $store))))
  what="bit $bit of $store"
  turn $store $bit
  judged records audit
  survives verify
  survives status
  survives export --format jsonl
  survives records count
  survives sign --batch-size 7
  put_back records
done

say 'bits of the ledger'
ledger=data/ledger/data.mdb
for ((i = 0; i < flips; ++i)); do
  bit=$(((RANDOM << 30 | RANDOM << 15 | RANDOM) % (8 * $(stat -c %s $ledger))))
  what="bit $bit of $ledger"
  turn $ledger $bit
  judged ledger chain verify
  survives chain head
  survives chain message 2
  survives chain proof 2
  survives status
  survives client seal '{"invoice":9}'
  survives node --stdin
  put_back ledger
done
for kind in "${!became[@]}"; do echo "$kind: ${became[$kind]}"; done | sort

say 'what is signed, a message and a receipt are found'
for place in $(grep -abo -F '"invoice":77,"note":"signed"' $store \
  | cut -d: -f1); do
  turn $store $((8 * (place + 12) + 1))
done
what='a signed record'
for command in verify audit export; do
  survives $command
  ((code == 1)) || fail 'not found'
done
put_back records
# The same text lies in pages of earlier commits, too: each copy is turned.
for index in 0 7; do
  works chancery chain message "$index" --json
  for kind in jws receipt; do
    text=$(text $kind)
    for place in $(grep -abo -F -- "${text:100:80}" $ledger | cut -d: -f1); do
      turn $ledger $((8 * place))
    done
    what="the $kind of message $index"
    survives chain verify
    ((code == 1)) || fail 'not found'
    put_back ledger
    works chancery chain message "$index" --json
  done
done

say 'files that are cut short'
cuts=(4096 61440)
((flips < 100)) || cuts=({1..16}0000 1 4095 4096 8192 16384 61440)
for less in "${cuts[@]}"; do
  for command in 'records count' verify sign 'chain verify' 'node --stdin'; do
    database=records
    [[ $command != *chain* && $command != node* ]] || database=ledger
    file=data/$database/data.mdb
    size=$(($(stat -c %s "$file") - less))
    ((size > 0)) || continue
    what="$file cut by $less"
    truncate -s "$size" "$file"
    # shellcheck disable=SC2086
    survives $command
    put_back $database
  done
done
what=whole
works chancery verify
works chancery chain verify
