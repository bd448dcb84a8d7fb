#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A coordinator and a worker with a line between them that is long, thin, or cut
# again and again: slow_line (the second argument), as not every kernel has
# netem. The job is finished each time, and the audit passes.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
slow_line=${2?give the path of slow_line}

# line_is DELAY_MS BYTES_PER_SECOND: workers connect to it from now on.
line_is() {
  coproc line { exec "$slow_line" "$port" "$1" "$2"; }
  read -r port <&"${line[0]}"
}

line_ends() {
  local pid=$line_PID
  eval "exec ${line[1]}>&-"
  wait "$pid" 2>/dev/null || true
}

# Workers and line go when the job is done.
makes_cluster 24 w1

# signs_over RECORDS DELAY_MS BYTES_PER_SECOND [OPTIONS OF THE COORDINATOR]
signs_over() {
  local records=$1 delay=$2 bytes=$3
  shift 3
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

say 'a line of 50 ms each way'
signs_over 5000 50 0

say 'a line of 100 kbit a second, with leases of 3 s'
signs_over 1500 0 12500 --lease-ms 3000

say 'a line of 25 ms and 1 Mbit a second'
signs_over 5000 25 125000 --lease-ms 3000

say 'a line that is cut again and again'
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
