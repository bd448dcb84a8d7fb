# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the scripts that run `chancery serve` share. To be sourced instead of
# expect.sh; the server is killed when the script ends in any way.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data

server=
finish() {
  local code=$?
  [[ -z $server ]] || kill -9 "$server" 2>/dev/null || true
  set +e
  (exit "$code")
  clean_up
}
trap finish EXIT

# serves OPTIONS...: starts it on a free port, and waits for its first line.
# Then `url` is where it serves and `server` its process.
serves() {
  : >served
  "$binary" serve --http 127.0.0.1:0 "$@" >served 2>server.err &
  server=$!
  for _ in {1..600}; do
    ! grep -q '^chancery serves' served || break
    kill -0 "$server" 2>/dev/null || { cat server.err; fail 'it has ended'; }
    sleep 0.1
  done
  url=$(grep -oP '^chancery serves \K\S+' served)
}

# ends: tells the server to end, which it does with 0.
ends() {
  kill "$server"
  code=0
  wait "$server" || code=$?
  server=
  ((code == 0)) || fail "serve ended with $code"
}
