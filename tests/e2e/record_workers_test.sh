#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Workers of other hosts sign what comes to `chancery serve` over HTTP: one is
# killed and started again, epochs end under it, and while nothing comes the
# journal does not grow.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source "$here/serving.sh"
source "$here/posting.sh"
source "$here/cluster.sh" # with its own end, which knows workers

makes_cluster 6 one two
serves --no-ledger --signers 0 --workers 127.0.0.1:0 \
  --workers-cluster coordinator --lease-ms 1000
coordinator=$server # so that it ends with the script, too
until_true grep -q 'workers can connect to' server.err
port=$(grep -oP 'workers can connect to [0-9.]+:\K[0-9]+' server.err)

count=0
# signs COUNT: so many records are posted, and signed.
signs() {
  makes_lines "$1" "from $count" >records
  posts 201 "$lines" records
  count=$((count + $1))
  all_signed
  stored "$count"
}

events() {
  works chancery audit --json
  json passed true
  grep -oP '"rule":"journal_whole".*?"checked":\K[0-9]+' out
}

nobody_holds_keys() {
  until_true signing_says keys_out 0
}

say 'nobody signs before there is a worker'
makes_lines 250 'before' >records
posts 201 "$lines" records
count=250
signing_says unsigned 250 || fail 'somebody signs'
joins one
all_signed
signs 30

say 'an idle worker leaves no trace'
nobody_holds_keys
before=$(events)
sleep 4
after=$(events)
((after == before)) || fail "the journal grew from $before to $after events"
still_up one

say 'a worker that is killed, and started again'
makes_lines 500 'killed' >records
posts 201 "$lines" records
count=$((count + 500))
killed one
makes_lines 5 'later' >records
posts 201 "$lines" records
count=$((count + 5))
joins one
all_signed
stored "$count"
joins two
signs 100

say 'an epoch ends, and the same workers sign on'
for epoch in 2 3; do
  kill -HUP "$server"
  until_true signing_says epoch "$epoch"
  signs 40
  still_up one
  still_up two
done
nobody_holds_keys
before=$(events)
sleep 2
((before == $(events))) || fail 'the journal grows after an epoch'

say 'new keys: the old bundle is refused, the new one is not'
works chancery keys add 2
kill -HUP "$server"
until_true signing_says epoch 4
worker_ends one 1
err_has 'other keys|new bundle'
worker_ends two 1
makes_lines 5 'waits' >records
posts 201 "$lines" records
count=$((count + 5))
works chancery keys bundle --out keys.bundle --force
joins one
all_signed
signs 10
worker_told_to_end one 0

say 'all is signed, by workers alone'
ends
coordinator=
audit_names one
json signatures "$count"
json unsigned 0
json epochs 4
! grep -q '"worker":null,"batches":[1-9]' out || fail 'the host itself signed'
works chancery export
[[ $(wc -l <out) == "$count" ]] || fail 'export lacks lines'

say done
