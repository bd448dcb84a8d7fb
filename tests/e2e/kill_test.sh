#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# kill -9 of sign at random moments, many times, with another batch size each
# time; then all is signed and verifies, and the audit passes. The seed is
# printed; pass it as the second argument to draw the same moments.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
seed=${2:-$((RANDOM * 32768 + RANDOM))}
RANDOM=$seed
echo "seed $seed"
export CHANCERY_DATA=data
records=20000
sizes=(7 10 1 100 33)

works chancery init --keys 12
works chancery records seed --count "$records"

# Starts a sign and kills it some time after its run began.
killed_sign() { # BATCH_SIZE
  local moment
  "$binary" sign --crypto-provider botan --signers "$((RANDOM % 3 + 1))" \
    --batch-size "$1" >/dev/null 2>err &
  for _ in {1..400}; do
    [[ ! -e data/status.json ]] || break
    sleep 0.02
  done
  moment=$((RANDOM % 300))
  sleep "0.$(printf %03d "$moment")"
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  # A stale file must not make the next round believe that its run has begun.
  rm -f data/status.json
}

typed='sign, killed' code=137
unfinished=0
before=0
for round in {1..10}; do
  size=${sizes[round % ${#sizes[@]}]}
  killed_sign "$size"
  works chancery status --json
  json running null
  signed=$(number signed)
  [[ $signed -ge $before ]] || fail "signed fell from $before to $signed"
  echo "round $round: batch size $size, $signed signed"
  if ((signed > before && signed < records)); then
    unfinished=$((unfinished + 1))
  fi
  before=$signed
  if ((round == 5)); then
    works chancery verify
    works chancery audit
  fi
  ((signed < records)) || break
done
((unfinished >= 3)) || fail "only $unfinished kills came during signing"

works chancery sign --batch-size 9
works chancery status --json
json signed "$records"
json left 0
epochs=$(number epoch)

works chancery verify --json
json verified "$records"
json unsigned 0
json wrong 0
works chancery audit --json
json passed true
json signatures "$records"
json unsigned 0
json epochs "$epochs"

say 'exactly one signature for each record'
chancery export | grep -oE '^\{"record":[0-9]+' | cut -d: -f2 >ids
seq 0 $((records - 1)) | cmp -s - ids || fail 'records are missing or duplicate'
[[ $(chancery export | grep -oE '"signature":"[^"]*"' | sort -u | wc -l) \
  == "$records" ]] || fail 'a signature is a duplicate'
