# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Runs a coordinator and workers in the background, in the folder that expect.sh
# made. Source it after expect.sh. No wait here fails before ten minutes, so
# that slow machines pass; ctest's limit ends a test that hangs.

export CHANCERY_DATA=data
unset CHANCERY_CLUSTER
declare -A workers
coordinator=
port=
address=127.0.0.1
in_first=()  # prefix of the coordinator's command
in_second=() # prefix of a worker's command

end_all() {
  local code=$? pid
  for pid in $coordinator "${workers[@]}"; do
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  set +e
  (exit "$code") # clean_up exits with it
  clean_up
}
trap end_all EXIT

# makes_cluster KEYS WORKER...: makes data folder, certificates, keys.bundle.
makes_cluster() {
  local keys=$1 name
  shift
  works chancery init --keys "$keys"
  cp -r data/records no.records
  works chancery cluster init
  works chancery cluster issue coordinator --role coordinator
  for name; do
    works chancery cluster issue "$name"
  done
  works chancery keys bundle --out keys.bundle
}

# no_records: empties the store and keeps the keys. A part that begins with it
# audits its own records alone.
no_records() {
  rm -r data/records
  cp -r no.records data/records
}

more_records() { works chancery records seed --count "$1"; }

# until_true COMMAND...: retries until it succeeds, for at least ten minutes.
until_true() {
  local _
  for _ in {1..6000}; do
    ! "$@" || return 0
    sleep 0.1
  done
  fail "this never succeeded: $*"
}

# coordinates PORT [OPTIONS]: starts sign in the background, without signers,
# and waits until it listens. Sets $port.
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

# coordinator_ends CODE: waits for its exit; its JSON is in ./out.
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

# joins NAME [OPTIONS]: starts a worker in the background.
joins() { joins_as "$1" "$@"; }

# joins_as NAME CERTIFICATE [OPTIONS]: with the certificate of another worker.
joins_as() {
  local name=$1 certificate=$2
  shift 2
  : >>"$name.err" # the process below may make it later than it is read
  "${in_second[@]}" "$binary" worker --json --connect "$address:$port" \
    --cluster "$certificate" --keyring keys.bundle "$@" \
    >"$name.out" 2>>"$name.err" &
  workers[$name]=$!
}

# worker_ends NAME CODE: waits for its exit; its JSON is in ./out.
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
  kill -0 "${workers[$1]}" || fail 'the worker has ended'
}

said() { grep -qE -- "$2" "$1.err"; }

# until_word NAME REGEX: waits until the worker logs a line that matches.
until_word() {
  typed="the worker $1"
  cp "$1.err" err
  until_true said "$1" "$2"
}

# status_says MEMBER VALUE: whether the status of the current run has it.
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

# until_stored N: waits until N more signatures are stored, or all of them, as a
# slow machine may check too late.
until_stored() {
  chancery status --json >status.out
  until_true stored_more $(($(number signed status.out) + $1))
}

passes_audit() {
  works chancery audit --json
  json passed true
}

# audit_names WORKER: the audit passes and names the worker with batches.
audit_names() {
  passes_audit
  grep -qE "\"worker\":\"$1\",\"batches\":[1-9]" out \
    || fail "the audit does not name $1"
}
