#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The rate of a coordinator and a worker with a line between them that takes 50
# ms each way, beside the rate without that delay, alternating: the coordinator
# here, the worker in a network namespace of its own. As root.
#
#   benchmarks/cluster_delay.sh [TIMES] [OPTIONS OF cluster_benchmark]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$root/build/benchmark/benchmarks/cluster_benchmark
times=3
if [[ ${1-} =~ ^[0-9]+$ ]]; then
  times=$1
  shift
fi

name=chancery$$
trap 'ip netns del "$name" 2>/dev/null || true' EXIT
ip netns add "$name"
ip link add "$name" type veth peer name far netns "$name"
ip address add 10.231.7.1/30 dev "$name"
ip link set "$name" up
ip -n "$name" address add 10.231.7.2/30 dev far
ip -n "$name" link set far up

rate() {
  "$program" --only workers --workers 1 --batch-sizes 1000 --repeat 1 --json \
    --address 10.231.7.1 --worker-prefix "ip netns exec $name" "$@" \
    2>/dev/null | sed -n 's/.*"records_per_second": \([0-9]*\).*/\1/p'
}

delay() {
  tc qdisc "$1" dev "$name" root netem "${@:2}"
  tc -n "$name" qdisc "$1" dev far root netem "${@:2}"
}

for ((i = 0; i < times; ++i)); do
  without=$(rate "$@")
  delay add delay 50ms limit 100000
  with=$(rate "$@")
  delay del 2>/dev/null
  echo "without delay $without/s, with 50 ms each way $with/s," \
    "share $(awk -v a="$with" -v b="$without" 'BEGIN { printf "%.2f", a / b }')"
done
