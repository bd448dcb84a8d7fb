# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A coordinator and workers in the background, in the folder that expect.sh
# made. To be sourced behind that. Nothing here waits for less than ten minutes:
# what hangs is ended by the test's own limit.

export CHANCERY_DATA=data
unset CHANCERY_CLUSTER
declare -A workers
coordinator=
port=
address=127.0.0.1
in_first=()  # what goes before the command of the coordinator,
in_second=() # and of a worker

end_all() {
  local code=$? pid
  for pid in $coordinator "${workers[@]}"; do
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  set +e
  (exit "$code") # which it keeps
  clean_up
}
trap end_all EXIT

# makes_cluster KEYS WORKER...: data folder, certificates, and keys.bundle.
makes_cluster() {
  local keys=$1 name
  shift
  works chancery init --keys "$keys"
  works chancery cluster init
  works chancery cluster issue coordinator --role coordinator
  for name; do
    works chancery cluster issue "$name"
  done
  works chancery keys bundle --out keys.bundle
}

more_records() { works chancery records seed --count "$1"; }

# until_true COMMAND...: for as long as it takes.
until_true() {
  local _
  for _ in {1..12000}; do
    ! "$@" || return 0
    sleep 0.05
  done
  fail "this never comes: $*"
}

# coordinates PORT [OPTIONS]: sign in the background, with no signers of its
# own, once it listens. $port is where.
coordinates() {
  local at=$1
  shift
  typed="sign --listen, $*"
  code=
  : >out
  : >coordinator.err
  "${in_first[@]}" "$binary" sign --json --listen "$address:$at" --cluster \
    coordinator --signers 0 "$@" >coordinator.out 2>coordinator.err &
  coordinator=$!
  cp coordinator.err err
  until_true listens
  port=$(grep -oE 'workers can connect to [0-9.]+:[0-9]+' coordinator.err \
    | grep -oE '[0-9]+$')
}

listens() {
  if ! kill -0 "$coordinator" 2>/dev/null; then
    cp coordinator.err err
    fail 'the coordinator ended'
  fi
  grep -qE 'workers can connect to [0-9.]+:[0-9]+$' coordinator.err
}

# coordinator_ends CODE: waits for it; its JSON is in ./out.
coordinator_ends() {
  code=0
  typed='the coordinator'
  wait "$coordinator" || code=$?
  coordinator=
  cp coordinator.out out
  cp coordinator.err err
  ((code == $1)) || fail "expected exit code $1"
}

coordinator_told_to_end() {
  told_to_end "$coordinator"
  coordinator_ends 1
}

coordinator_killed() {
  kill -9 "$coordinator" 2>/dev/null || true
  wait "$coordinator" 2>/dev/null || true
  coordinator=
}

# joins NAME [OPTIONS]: a worker in the background.
joins() { joins_as "$1" "$@"; }

# joins_as NAME CERTIFICATE [OPTIONS]
joins_as() {
  local name=$1 certificate=$2
  shift 2
  "${in_second[@]}" "$binary" worker --json --connect "$address:$port" \
    --cluster "$certificate" --keyring keys.bundle \
    --passphrase-file data/passphrase "$@" >"$name.out" 2>>"$name.err" &
  workers[$name]=$!
}

# worker_ends NAME CODE: its JSON is in ./out.
worker_ends() {
  code=0
  typed="the worker $1"
  wait "${workers[$1]}" || code=$?
  unset "workers[$1]"
  cp "$1.out" out
  cp "$1.err" err
  ((code == $2)) || fail "expected exit code $2"
}

worker_told_to_end() {
  told_to_end "${workers[$1]}"
  worker_ends "$@"
}

killed() {
  kill -9 "${workers[$1]}"
  wait "${workers[$1]}" 2>/dev/null || true
  unset "workers[$1]"
}

still_up() {
  typed="the worker $1"
  cp "$1.err" err
  kill -0 "${workers[$1]}" || fail 'the worker is gone'
}

said() { grep -qE -- "$2" "$1.err"; }

# until_word NAME WORDS
until_word() {
  typed="the worker $1"
  cp "$1.err" err
  until_true said "$1" "$2"
}

# status_says MEMBER VALUE: of the run that goes on.
status_says() {
  chancery status --json >status.out 2>/dev/null || return 1
  [[ $(number "$1" status.out) == "$2" ]]
}

until_status() { until_true status_says "$1" "$2"; }

stored_more() {
  chancery status --json >status.out 2>/dev/null || return 1
  (($(number signed status.out) >= $1 || $(number left status.out) == 0))
}

is_unsigned() {
  works chancery status --json
  [[ $(number left) != 0 ]]
}

# until_stored N: so many more than now, or all there are, as a slow machine may
# look too late.
until_stored() {
  chancery status --json >status.out
  until_true stored_more $(($(number signed status.out) + $1))
}

passes_audit() {
  works chancery audit --json
  json passed true
}

# audit_names WORKER: and it signed something.
audit_names() {
  passes_audit
  grep -qE "\"worker\":\"$1\",\"batches\":[1-9]" out \
    || fail "the audit does not name $1"
}
