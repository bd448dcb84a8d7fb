#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Standard streams that are closed at the start: no file of ours takes their
# place, so nothing that is said or answered lands in one.
#
#   CHANCERY_CLOSED='0 1 2 01 02 12 012'   all combinations, not some
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

# closed STREAMS COMMAND...: runs a command without these streams.
closed() {
  local streams=$1 stream
  shift
  (
    for stream in 0 1 2; do
      [[ $streams != *"$stream"* ]] || eval "exec $stream>&-"
    done
    exec "$binary" "$@"
  ) </dev/null >out 2>err
}

# Words of answers and notes.
nothing_in_files() {
  local found
  found=$(grep -rlaE 'chancery:|signed [0-9]+ records|certificate is|created with' \
    data || true)
  [[ -z $found ]] || fail "what was said is in $found"
}

for streams in ${CHANCERY_CLOSED:-1 012}; do
  say "closed: $streams"
  code=0 typed="closed $streams"
  rm -rf data
  closed "$streams" init --data data --keys 2 || fail 'init'
  closed "$streams" records seed --data data --count 20 || fail 'records seed'
  closed "$streams" cluster init --data data || fail 'cluster init'
  closed "$streams" sign --data data --signers 1 || fail 'sign'
  closed "$streams" status --data data || fail 'status'
  closed "$streams" node --data data --stdin || fail 'node'
  closed "$streams" client init --client data/client --node-keys missing \
    && fail 'client init without its file'
  closed "$streams" export --data data --out data/signed.jsonl || fail 'export'
  nothing_in_files
  works chancery audit --data data
  [[ $(wc -l <data/signed.jsonl) == 20 ]] || fail 'the export has other lines'
done
