#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A crowd of connections that rest, stop half-way, trickle, never read or send
# garbage: another client is served meanwhile, memory stays within the limits,
# and afterwards the server needs no time. CHANCERY_CROWD=10 is the whole crowd
# (2,000 at rest, 500 of each other kind); the default is a tenth.
source "$(dirname "${BASH_SOURCE[0]}")/serving.sh"
crowd=${2:?give the path of http_crowd}
share=${CHANCERY_CROWD:-1}
# The sanitizer keeps what was freed, and that is not the server's memory.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1"

say 'a server with a record of a megabyte'
works chancery init --keys 1
mkdir records
head -c 1000000 /dev/zero | tr '\0' a >records/one
works chancery records import records --format files
serves
port=${url##*:}

say 'a crowd'
timeout 280 "$crowd" "$port" "$server" "$share" >out 2>err \
  || { cat err; fail 'the crowd ended in an error'; }
cat out
figure() { grep -oP "$1 \K[0-9]+" out; }
# Generous: other tests run beside this one, under sanitizers.
(($(figure in_crowd_ms) < 100 * $(figure at_rest_ms) + 20000)) \
  || fail 'a client was not served in time'
# 256 MiB of answers that nobody takes, and what the connections need.
(($(figure memory_kb) < 300000 + 20000 * share)) || fail 'it takes more memory'
(($(figure idle_cpu_percent) < 20)) || fail 'it is not idle afterwards'
ends

say done
