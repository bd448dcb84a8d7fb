#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A host that starts no more threads: the n-th one fails, alone or with all that
# follow. Each command gives its answer, or one sentence with exit code 1.
#
#   CHANCERY_THREADS=all tests/run.sh -R thread_shortage   every n, not some
#   CHANCERY_THREADS_SEED=7                                others
#   CHANCERY_END_SECONDS=5               how long one may take to end, not 30
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
library=$(realpath "$2")
RANDOM=${CHANCERY_THREADS_SEED:-$$}
end_seconds=${CHANCERY_END_SECONDS:-30}
say "seed $RANDOM"

# short_of VARIABLE=VALUE... -- COMMAND...: runs a command with the library.
short_of() {
  local settings=() limit=(--kill-after=10 60)
  [[ -z ${ends_after:-} ]] || limit=(--kill-after="$end_seconds" "$ends_after")
  while [[ $1 != -- ]]; do
    settings+=("$1")
    shift
  done
  shift
  typed="${settings[*]} $*"
  code=0
  timeout "${limit[@]}" env "${settings[@]}" LD_PRELOAD="$library" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
    "$binary" "$@" </dev/null >out 2>err || code=$?
}

ends_in_words() {
  case $code in
    0) ;;
    1)
      [[ $(grep -c '^chancery: cannot start a thread: ' err) == 1 ]] \
        || fail 'it does not say what is missing, once'
      ;;
    *) fail 'expected exit code 0 or 1' ;;
  esac
}

# numbers N: a number of threads from 1 to N, or all.
numbers() {
  if [[ ${CHANCERY_THREADS:-} == all ]]; then
    seq "$1"
  else
    echo $((1 + RANDOM % $1))
  fi
}

# lacks_threads COMMAND...: counts the threads of a good run, then lets them
# fail. Calls `before` before each run.
lacks_threads() {
  local n
  before
  short_of THREADS_STARTED=threads -- "$@"
  ((code == 0)) || fail 'it fails with all its threads'
  say "$1 $2, $(<threads) threads"
  for n in $(numbers "$(<threads)"); do
    before
    short_of "NO_THREAD_FROM=$n" -- "$@"
    ends_in_words
    [[ ${CHANCERY_THREADS:-} == all ]] || continue
    before
    short_of "NO_THREAD_FROM=$n" NO_THREAD_COUNT=1 -- "$@"
    ends_in_words
  done
}

# obeys_sigterm COMMAND...: one thread fails; what lives on a second later is
# told to end, and does.
obeys_sigterm() {
  local n ends_after=1
  short_of THREADS_STARTED=threads -- "$@"
  say "SIGTERM: $1 $2, $(<threads) threads"
  for n in $(numbers "$(<threads)"); do
    short_of "NO_THREAD_FROM=$n" NO_THREAD_COUNT=1 -- "$@"
    ((code < 2 || code == 124)) || fail 'SIGTERM does not end it'
  done
}

before() { :; }
makes_cluster 8 w1
works chancery cluster issue node --role node
works chancery cluster issue reader --role client
more_records 500
works chancery sign --batch-size 10
works chancery node --keys

lacks_threads verify --threads 3
if [[ ${CHANCERY_THREADS:-} == all ]]; then # as verify
  lacks_threads audit --threads 3
  lacks_threads chain verify --threads 3
fi
lacks_threads node --stdin --validators 2

before() { more_records 20; }
lacks_threads sign --signers 2 --batch-size 10
works chancery audit
lacks_threads simulate signing --records 50 --keys 2 --signers 2 \
  --batch-size 10
before() { :; }
if [[ ${CHANCERY_THREADS:-} == all ]]; then # as node
  lacks_threads simulate ledger --clients 2 --duration 1 --speed 50
fi

say 'a client and a worker'
: >node.err # the process below may make it later than it is read
"$binary" node --listen 127.0.0.1:0 --cluster node >node.out 2>node.err &
workers[node]=$!
until_true grep -q 'listening on' node.err
place=$(grep -oP 'listening on \K\S+' node.err)
lacks_threads client --connect "$place" --cluster reader --clients 1 \
  --rate 20 --duration 0.1
kill "${workers[node]}"
wait "${workers[node]}"

more_records 500
coordinates 0 --batch-size 100
short_of THREADS_STARTED=threads -- worker --connect "127.0.0.1:$port" \
  --cluster w1 --keyring keys.bundle --signers 2 --once
((code == 0)) || fail 'the worker fails with all its threads'
coordinator_ends 0
more_records 500
coordinates 0 --batch-size 100
for n in $(numbers "$(<threads)"); do
  short_of "NO_THREAD_FROM=$n" -- worker --connect "127.0.0.1:$port" \
    --cluster w1 --keyring keys.bundle --signers 2 --once
  ends_in_words
done
works chancery status
coordinator_killed

obeys_sigterm node --listen 127.0.0.1:0 --cluster node
obeys_sigterm worker --connect "127.0.0.1:$port" --cluster w1 \
  --keyring keys.bundle --signers 2
obeys_sigterm client --connect "$place" --cluster reader --clients 2 --rate 20
more_records 200000
obeys_sigterm sign --signers 2 --batch-size 1 --crypto-provider botan
