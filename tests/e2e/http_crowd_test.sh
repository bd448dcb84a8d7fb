#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A crowd of connections that rest, stop half-way, trickle, never read or send
# garbage: another client is served meanwhile, memory stays within the limits,
# and afterwards the server needs no time. CHANCERY_CROWD=10 is the whole crowd
# (2,000 at rest, 500 of each other kind); the default is a tenth.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
crowd=${2:?give the path of http_crowd}
share=${CHANCERY_CROWD:-1}
export CHANCERY_DATA=data
# The sanitizer keeps what was freed, and that is not the server's memory.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1"

server=
finish() {
  local code=$?
  [[ -z $server ]] || kill -9 "$server" 2>/dev/null || true
  set +e
  (exit "$code")
  clean_up
}
trap finish EXIT

say 'a server with a record of a megabyte'
works chancery init --keys 1
mkdir records
head -c 1000000 /dev/zero | tr '\0' a >records/one
works chancery records import records --format files
"$binary" serve --http 127.0.0.1:0 >served 2>server.err &
server=$!
for _ in {1..600}; do
  ! grep -q '^chancery serves' served || break
  kill -0 "$server" 2>/dev/null || { cat server.err; fail 'it has ended'; }
  sleep 0.1
done
port=$(grep -oP '^chancery serves .*:\K[0-9]+$' served)

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
kill "$server"
code=0
wait "$server" || code=$?
server=
((code == 0)) || fail "serve ended with $code"

say done
