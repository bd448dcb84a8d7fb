#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A worker signs for `chancery serve` on over epochs with other keys: it has the
# bundle of the next ones beside that of the first, and takes the one that the
# service asks for.
source "$(dirname "${BASH_SOURCE[0]}")/serving.sh"

worker=
leaves() {
  local code=$?
  [[ -z $worker ]] || kill -9 "$worker" 2>/dev/null || true
  (exit "$code")
  finish
}
trap leaves EXIT

# signs NAME: posts a record, and waits for its signature. Sets `key`.
signs() {
  typed="a record $1"
  curl -sS --fail-with-body --json "{\"name\":\"$1\",\"text\":\"$1\"}" \
    "$url/v1/records?wait=30" >out 2>err || fail 'it is refused'
  for _ in {1..300}; do
    ! grep -q '"signed":false' out || curl -sS \
      "$url/v1/records/by-name?name=$1" >out
    key=$(grep -oP '"key":"\K[^"]+' out) && return
    sleep 1
  done
  fail 'it is not signed'
}

# rolls EPOCH: begins another epoch, and waits for it.
rolls() {
  kill -HUP "$server"
  for _ in {1..600}; do
    ! curl -sS "$url/v1/signing" | grep -q "\"epoch\":$1," || return 0
    sleep 0.1
  done
  fail "epoch $1 does not begin"
}

say 'a service without signers, and a worker'
works chancery init --keys 2
works chancery cluster init
works chancery cluster issue office --role coordinator
works chancery cluster issue left
works chancery keys bundle --out first.bundle
serves --no-ledger --workers 127.0.0.1:0 --workers-cluster office --signers 0 \
  --lease-ms 1000
port=$(grep -oP 'workers can connect to [0-9.]+:\K[0-9]+' server.err)
: >worker.err
"$binary" worker --connect "127.0.0.1:$port" --cluster left \
  --keyring first.bundle --next-keyring next.bundle --signers 1 \
  >worker.out 2>worker.err &
worker=$!
signs INV-1
old=$key

say 'the next epoch has the same keys'
rolls 2
signs INV-2

say 'the next one has others, of which the worker has a bundle'
works chancery keys add 1
err_has 'from its next epoch on'
works chancery keys list --json
for kid in $(grep -oP '"kid":"\K[^"]+' out | head -2); do
  works chancery keys retire "$kid"
done
works chancery keys bundle --out next.bundle
rolls 3
signs INV-3
[[ $key != "$old" ]] || fail 'a retired key has signed'
grep -q 'trying with next.bundle' worker.err || fail 'it does not say so'

say 'an epoch that the worker has no keys for ends it'
works chancery keys add 1
rolls 4
code=0
wait "$worker" || code=$?
worker=
((code == 1)) || fail "the worker ended with $code"
ends
works chancery audit
say done
