#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the benchmarks with the release options and runs them: batch sizes,
# batch signing, ledger, cluster, verifying, feeding, HTTP, seals, memory,
# microbenchmarks, timing differences between secrets. Results go to
# build/benchmark/results.
#
#   benchmarks/run.sh                    all eleven parts
#   benchmarks/run.sh batch_sizes        one part: batch_sizes, batch_signing,
#                                        ledger, cluster, verify, feed, http,
#                                        seals, memory, micro or timing
#   benchmarks/run.sh --publish          also copy the plot into benchmarks/
#   benchmarks/run.sh --records 300000 --signers 4 --provider botan --repeat 5
#                                        options of batch_size_benchmark
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
build=$root/build/benchmark
results=$build/results

say() { echo "benchmarks: $*" >&2; }

quietly() {
  local log=$build/run.log
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    say "failed: $*"
    exit 1
  fi
}

parts=()
options=()
publish=false
for argument in "$@"; do
  case $argument in
    --help | -h)
      sed -n '4,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit
      ;;
    --publish) publish=true ;;
    batch_sizes | batch_signing | ledger | cluster | verify | feed | http | seals | memory | micro | timing)
      parts+=("$argument")
      ;;
    *) options+=("$argument") ;;
  esac
done
((${#parts[@]} > 0)) || parts=(batch_sizes batch_signing ledger cluster
  verify feed http seals memory micro timing)

say "checking the packages"
"$root/apps/packages.sh" benchmarks

mkdir -p "$results"
cd "$root"
say "configuring $build"
quietly cmake --preset benchmark -B "$build"
say "building (the first time takes some minutes)"
quietly cmake --build "$build" -j "$("$root/apps/packages.sh" --jobs)" \
  --target batch_size_benchmark batch_signing_benchmark ledger_benchmark \
  cluster_benchmark verify_benchmark feed_benchmark http_benchmark \
  microbenchmarks timing_benchmark chancery
programs=$build/benchmarks

batch_sizes() {
  say "batch sizes (about a minute for each repetition)"
  "$programs/batch_size_benchmark" --csv "$results/batch_size.csv" \
    "${options[@]}" | tee "$results/batch_size.txt"
  gnuplot -e "csv='$results/batch_size.csv'; svg='$results/batch_size.svg'" \
    "$here/batch_size.gnuplot"
  say "wrote $results/batch_size.csv and batch_size.svg"
  if $publish; then
    cp "$results/batch_size.svg" "$here/batch_size.svg"
    say "copied the plot to $here/batch_size.svg"
  fi
}

batch_signing() {
  say "batch signing (about a minute)"
  "$programs/batch_signing_benchmark" | tee "$results/batch_signing.txt"
}

ledger() {
  say "ledger (about half a minute)"
  "$programs/ledger_benchmark" | tee "$results/ledger.txt"
}

cluster() {
  say "cluster (about three minutes)"
  "$programs/cluster_benchmark" | tee "$results/cluster.txt"
}

verify() {
  say "verifying what other hosts hand in (about a minute)"
  "$programs/verify_benchmark" | tee "$results/verify.txt"
}

feed() {
  say "feeding (about a minute)"
  "$programs/feed_benchmark" --sleep-ns 1200 | tee "$results/feed.txt"
}

http() {
  say "HTTP (about eight minutes)"
  "$programs/http_benchmark" | tee "$results/http.txt"
}

seals() {
  say "seals (about two minutes)"
  "$here/seals.sh" "$build/apps/chancery" | tee "$results/seals.txt"
}

memory() {
  say "memory"
  "$programs/batch_size_benchmark" --memory "${options[@]}" \
    | tee "$results/memory.txt"
  "$programs/ledger_benchmark" --memory | tee "$results/ledger_memory.txt"
}

micro() {
  say "microbenchmarks"
  "$programs/microbenchmarks" --benchmark_out="$results/micro.json" \
    --benchmark_out_format=json | tee "$results/micro.txt"
}

timing() {
  say "timing (about a minute)"
  "$programs/timing_benchmark" | tee "$results/timing.txt"
}

say "load of the machine: $(cut -d' ' -f1-3 /proc/loadavg) on $(nproc) cores"
for part in "${parts[@]}"; do
  "$part"
done
