#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A coordinator and a worker over a line that is slow, narrow, or cut
# repeatedly: slow_line (the second argument), as not every kernel has netem.
# Each job finishes, and the audit passes.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
slow_line=${2?give the path of slow_line}

# line_is DELAY_MS BYTES_PER_SECOND: starts a line; workers connect through it.
line_is() {
  coproc line { exec "$slow_line" "$port" "$1" "$2"; }
  read -r port <&"${line[0]}"
}

line_ends() {
  local pid=$line_PID
  eval "exec ${line[1]}>&-"
  wait "$pid" 2>/dev/null || true
}

makes_cluster 24 w1

# signs_over RECORDS DELAY_MS BYTES_PER_SECOND [OPTIONS OF THE COORDINATOR]:
# runs a job over such a line.
signs_over() {
  local records=$1 delay=$2 bytes=$3
  shift 3
  no_records
  more_records "$records"
  coordinates 0 "$@"
  line_is "$delay" "$bytes"
  joins w1 --once
  coordinator_ends 0
  json signed "$records"
  worker_ends w1 0
  audit_names w1
  line_ends
}

say 'a line with 50 ms of delay each way'
signs_over 5000 50 0

say 'a line of 100 kbit/s, with leases of 3 s'
signs_over 1500 0 12500 --lease-ms 3000

say 'a line with 25 ms of delay and 1 Mbit/s'
signs_over 5000 25 125000 --lease-ms 3000

say 'a line that is cut repeatedly'
no_records
more_records 20000
coordinates 0 --lease-ms 1000
line_is 1 0
joins w1 --crypto-provider botan --signers 1
for _ in {1..4}; do
  until_stored 1000
  echo >&"${line[1]}"
done
coordinator_ends 0
json left 0
worker_told_to_end w1 0
grep -q 'connection was lost' w1.err || fail 'no connection was cut'
audit_names w1
line_ends

works chancery verify --json
json unsigned 0
json wrong 0
