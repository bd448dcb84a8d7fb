#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A coordinator and a worker in two network namespaces, over a virtual cable
# that is unplugged, loses packets, or has a long delay or a low bandwidth. Each
# job finishes, and the audit passes. Skipped (77) where namespaces are not
# allowed.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"

# Names unique to this run; device names have at most 15 characters.
left=chancery-$$-l right=chancery-$$-r
left_end=ch${$}l right_end=ch${$}r

take_down() {
  local code=$?
  ip netns del "$left" 2>/dev/null || true # deletes its end of the cable, too
  ip netns del "$right" 2>/dev/null || true
  set +e
  (exit "$code") # end_all exits with it
  end_all
}
trap take_down EXIT

not_here() {
  skipped "network namespaces: $1"
  exit 77
}

((EUID == 0)) || not_here 'needs root'
command -v ip >/dev/null && command -v tc >/dev/null || not_here 'needs iproute2'
{ ip netns add "$left" && ip netns add "$right" \
  && ip netns exec "$left" true; } 2>err || not_here "not allowed here: $(<err)"
ip link add "$left_end" netns "$left" type veth \
  peer name "$right_end" netns "$right" 2>err \
  || not_here "no veth here: $(<err)"
ip -n "$left" address add 10.213.0.1/24 dev "$left_end"
ip -n "$right" address add 10.213.0.2/24 dev "$right_end"
for end in "$left $left_end" "$right $right_end"; do
  read -r space device <<<"$end"
  ip -n "$space" link set lo up
  ip -n "$space" link set "$device" up
done
address=10.213.0.1
in_first=(ip netns exec "$left")
in_second=(ip netns exec "$right")

cable() { ip -n "$right" link set "$right_end" "$1"; }

# cable_is QDISC...: sets the queueing discipline at both ends; false where the
# kernel does not have it.
cable_is() {
  tc -n "$left" qdisc replace dev "$left_end" root "$@" 2>err \
    && tc -n "$right" qdisc replace dev "$right_end" root "$@" 2>err
}

cable_is_as_before() {
  tc -n "$left" qdisc del dev "$left_end" root
  tc -n "$right" qdisc del dev "$right_end" root
}

makes_cluster 24 w1

# signs_over RECORDS QDISC...: runs a job over a cable with that discipline.
signs_over() {
  local records=$1
  shift
  say "a cable with $*"
  if ! cable_is "$@"; then
    skipped "$*: $(<err)"
    return
  fi
  no_records
  more_records "$records"
  coordinates 0 --lease-ms 3000
  joins w1 --once
  coordinator_ends 0
  json signed "$records"
  worker_ends w1 0
  audit_names w1
  cable_is_as_before
}

say 'a good cable'
more_records 3000
coordinates 0
joins w1 --once
coordinator_ends 0
json signed 3000
worker_ends w1 0
audit_names w1

for seconds in 1 4; do
  say "the cable is unplugged for $seconds s, with leases of 1.5 s"
  no_records
  more_records 15000
  coordinates 0 --lease-ms 1500
  joins w1 --crypto-provider botan --signers 1
  until_stored 1000
  cable down
  sleep "$seconds"
  cable up
  coordinator_ends 0
  json left 0
  worker_told_to_end w1 0
  audit_names w1
done

say 'the coordinator is killed while the cable is unplugged'
no_records
more_records 25000
coordinates 0 --lease-ms 1500
joins w1 --crypto-provider botan --signers 1
until_stored 1000
cable down
coordinator_killed
coordinates "$port" --lease-ms 1000
sleep 1
cable up
coordinator_ends 0
json left 0
worker_told_to_end w1 0
audit_names w1

signs_over 5000 netem loss 5%
signs_over 5000 netem delay 50ms
signs_over 1000 tbf rate 100kbit burst 2kb latency 400ms
signs_over 1000 netem delay 25ms loss 2% rate 1mbit

works chancery verify --json
json unsigned 0
json wrong 0
