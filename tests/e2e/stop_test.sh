#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# SIGTERM at random moments from the first line of main on: a command that
# handles it ends with its own exit code, any other one by the signal.
#
#   CHANCERY_STOPS=200 tests/run.sh -R e2e_stop      more moments than 2
#   CHANCERY_STOP_SEED=7                             others
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data

stops=${CHANCERY_STOPS:-2}
RANDOM=${CHANCERY_STOP_SEED:-$$}
say "seed $RANDOM"

# in_main PID: waits until SIGTERM (bit 14) is caught or blocked by chancery, and
# not by the shell that becomes it; false when the process ends before.
in_main() {
  local masks
  while [[ -e /proc/$1/exe && ! /proc/$1/exe -ef $binary ]]; do :; done
  while masks=$(grep -oP '^Sig(Blk|Cgt):\s+\K\S+' "/proc/$1/status" 2>/dev/null) \
    && [[ -n $masks ]]; do
    for mask in $masks; do
      (((0x$mask >> 14) % 2 == 0)) || return 0
    done
  done
  return 1
}

# stopped MS COMMAND...: runs a command and sends it SIGTERM at a random moment
# of its first MS milliseconds; leaves its exit code in $code.
stopped() {
  local most=$1 pid wait_ms
  shift
  wait_ms=$((RANDOM % most))
  typed="$* (stopped after $wait_ms ms)"
  "$binary" "$@" </dev/null >out 2>err &
  pid=$!
  ! in_main "$pid" || sleep "$(printf '0.%03d' "$wait_ms")"
  kill -TERM "$pid" 2>/dev/null || true
  code=0
  wait "$pid" || code=$?
}

expect_one_of() {
  [[ " $* " == *" $code "* ]] || fail "expected an exit code of: $*"
}

works chancery init --keys 4
works chancery records seed --count 300
works chancery cluster init
works chancery cluster issue host-a --role worker
works chancery keys bundle --out bundle

say 'a node ends well'
for ((i = 0; i < stops; ++i)); do
  stopped 500 node
  expect_one_of 0
done

say 'a run of sign has its exit code'
for ((i = 0; i < stops; ++i)); do
  stopped 500 sign --crypto-provider botan --batch-size 10
  expect_one_of 0 1
  works chancery status
done

say 'a worker that finds no coordinator ends well'
for ((i = 0; i < stops; ++i)); do
  stopped 500 worker --connect 127.0.0.1:9 --cluster host-a --keyring bundle
  expect_one_of 0
done

say 'an export leaves no file, or a whole one'
works chancery sign
for ((i = 0; i < stops; ++i)); do
  rm -f signed.jsonl
  stopped 200 export --out signed.jsonl
  expect_one_of 0 1
  [[ ! -e signed.jsonl || $(wc -l <signed.jsonl) == 300 ]] || fail 'half a file'
done

say 'a command that does not handle signals ends by them'
mkfifo pipe # nobody writes into it, so the command waits for ever
"$binary" keys add 1 --passphrase-file pipe </dev/null >out 2>err &
pid=$!
sleep "0.$((RANDOM % 900 + 100))"
kill -TERM "$pid"
code=0 typed='keys add, stopped'
wait "$pid" || code=$?
expect_one_of 143

say 'a command that does not get to its work ends at the second one'
"$binary" sign --passphrase-file pipe </dev/null >out 2>err &
pid=$!
in_main "$pid"
kill -TERM "$pid"
for _ in {1..200}; do
  # Not kept while the first one is pending: then both are one.
  ! kill -TERM "$pid" 2>/dev/null || sleep 0.05
done
code=0 typed='sign, stopped twice'
wait "$pid" || code=$?
expect_one_of 1
err_has 'stopped at once'
