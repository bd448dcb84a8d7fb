#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs those of chancery's Debian packages that are missing. Prints nothing
# when none is.
#
#   apps/packages.sh              what the program needs
#   apps/packages.sh tests        and what its tests need
#   apps/packages.sh benchmarks   and what its benchmarks need
#   apps/packages.sh --jobs       installs nothing; prints how many files to
#                                 compile at once on this machine
set -euo pipefail

program=(g++ cmake ninja-build pkg-config libcaf-dev libbotan-2-dev liblmdb-dev
  libfmt-dev libboost-dev libcli11-dev libspdlog-dev nlohmann-json3-dev
  libarchive-dev libssl-dev prometheus-cpp-dev openssl gzip ca-certificates)
# clang's runtime has its version in its name on Debian 12.
clang_runtime=libclang-rt-dev
if grep -qsx 'VERSION_ID="12"' /etc/os-release; then
  clang_runtime=libclang-rt-14-dev
fi
tests=(libboost-test-dev curl lld clang clang-tidy "$clang_runtime" iproute2
  valgrind chromium-headless-shell jq jose python3-jwcrypto sqlite3)
benchmarks=(libbenchmark-dev gnuplot-nox)

fail() {
  echo "packages: $*" >&2
  exit 1
}

# The compiler needs up to 1.5 GB for a file with typed actors.
jobs() {
  local cores memory_kb limit fit
  cores=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  if [[ $limit =~ ^[0-9]+$ ]] && ((limit / 1024 < memory_kb)); then
    memory_kb=$((limit / 1024))
  fi
  fit=$((memory_kb / 1500000))
  echo $((fit < 1 ? 1 : fit < cores ? fit : cores))
}

missing_of() {
  local package
  for package in "$@"; do
    # shellcheck disable=SC2016 # the dollar is dpkg-query's
    dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" \
      2>/dev/null | grep -q '^ii' || echo "$package"
  done
}

install() {
  local as_root=() log
  if ((EUID != 0)); then
    command -v sudo >/dev/null \
      || fail "missing: $*; install them as root, or install sudo"
    as_root=(sudo)
  fi
  echo "packages: installing $*"
  log=$(mktemp)
  # Old package lists may suffice, so a failed update is not an error.
  "${as_root[@]}" apt-get update >"$log" 2>&1 || true
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install \
    --yes --no-install-recommends "$@" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install them, see above"
  fi
  rm -f "$log"
}

wanted=("${program[@]}")
case "${1-}" in
  '') ;;
  tests)
    wanted+=("${tests[@]}")
    # Debian's nodejs and npm conflict with other ones: only if missing.
    command -v node >/dev/null || wanted+=(nodejs)
    command -v npm >/dev/null || wanted+=(npm)
    ;;
  benchmarks) wanted+=("${benchmarks[@]}") ;;
  --jobs)
    jobs
    exit
    ;;
  *) fail "unknown argument $1: give tests, benchmarks, --jobs or nothing" ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "packages: not Debian, so install equivalents of: ${wanted[*]}" >&2
  exit
fi
mapfile -t missing < <(missing_of "${wanted[@]}")
if ((${#missing[@]} > 0)); then
  install "${missing[@]}"
fi
