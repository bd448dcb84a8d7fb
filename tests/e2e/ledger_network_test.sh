#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The ledger's node on the network, with clients in other processes: they finish
# although the node is killed meanwhile, no message is stored twice or lost, and
# unauthorized hosts are refused and do no harm.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data CHANCERY_CLIENT=client
unset CHANCERY_CLUSTER

# listens PORT: starts a node in the background and waits until it listens; its
# process id is $running and its port $port.
listens() {
  : >node.err # lines of an earlier node must not count
  "$binary" node --listen "127.0.0.1:$1" --cluster the-node --block-size 10 \
    >node.out 2>node.err &
  running=$!
  for _ in {1..1200}; do
    ! grep -q 'listening on' node.err || break
    kill -0 "$running" 2>/dev/null || break
    sleep 0.05
  done
  typed='node --listen'
  cp node.err err
  grep -q 'listening on' err || fail 'the node does not listen'
  port=$(grep -oE 'listening on 127\.0\.0\.1:[0-9]+' err | grep -oE '[0-9]+$')
}

# ends CODE: sends the node SIGTERM and expects this exit code.
ends() {
  code=0 typed='a node after SIGTERM'
  told_to_end "$running"
  wait "$running" || code=$?
  cp node.out out
  cp node.err err
  ((code == $1)) || fail "expected exit code $1"
}

works chancery node --keys --block-size 10
works chancery cluster init
works chancery cluster issue the-node --role node --out the-node
works chancery cluster issue reader --role client --out reader
works chancery cluster issue worker-1 --role worker --out worker
mkdir other
CHANCERY_DATA=other/data works chancery node --keys
CHANCERY_DATA=other/data works chancery cluster init
CHANCERY_DATA=other/data works chancery cluster issue reader --role client \
  --out stranger

say 'usage'
misused chancery node --listen 127.0.0.1:0
misused chancery node --listen 127.0.0.1:0 --stdin --cluster the-node
misused chancery client
misused chancery client --connect 127.0.0.1:1
misused chancery client --connect 127.0.0.1:1 --cluster reader status
misused chancery client --connect 127.0.0.1:1 --cluster reader --message 1 \
  --clients 3
fails chancery node --listen 127.0.0.1:0 --cluster reader
err_has 'is for a client'

say 'no node listens'
fails chancery client --connect 127.0.0.1:1 --cluster reader --message 1 \
  --wait 0.5
err_has 'no connection within 0.5 s'
[[ ! -e client ]] || fail 'a client was made without a node'

say 'a message, with a folder that is made on demand'
listens 0
err_has 'as the-node of the cluster'
works chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message '{"invoice":7}'
out_has '^receipt: message 1 of this client is message 0 of the ledger'
err_has 'compare that id'
err_has 'registered'
works chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message '{"invoice":8}' --json
json seq 2
json index 1
json again false
[[ $(grep -c registered err) == 0 ]] || fail 'it registered again'
works chancery client status --json
json receipts 2
json unconfirmed false

say 'a message whose answer was lost is sent first'
works chancery client seal '"sent into nowhere"'
works chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message '"the next"' --json
json seq 4
json index 3
err_has 'the earlier message 3 has its receipt now: it is message 2'

say 'a node other than the pinned one'
wrong=$(printf 'A%.0s' {1..43})
fails chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message 1 --node-id "$wrong"
err_has "belongs to node .*, not $wrong"
fails chancery client --connect "127.0.0.1:$port" --cluster reader \
  --client new --message 1 --node-id "$wrong"
err_has "this is node .*, not $wrong"
[[ ! -e new ]] || fail 'a client of the wrong node was made'
fails chancery client --connect "127.0.0.1:$port" --cluster reader \
  --clients 1 --duration 1 --node-id "$wrong"

say 'hosts without a client certificate of this cluster'
fails chancery client --connect "127.0.0.1:$port" --cluster worker --message 1
err_has 'is for a worker'
fails chancery client --connect "127.0.0.1:$port" --cluster stranger \
  --message 1 --wait 1
err_has 'another cluster'
# Our client does not even connect; the node must refuse others, too.
if command -v openssl >/dev/null; then
  (sleep 1) | openssl s_client -connect "127.0.0.1:$port" -tls1_3 \
    -cert worker/host.pem -key worker/host.key -CAfile worker/ca.pem \
    >tls.out 2>&1 || true
fi

say 'garbage does no harm'
for _ in {1..50}; do
  head -c 4096 /dev/urandom >"/dev/tcp/127.0.0.1/$port" 2>/dev/null || true
  printf 'GET / HTTP/1.1\r\n\r\n' >"/dev/tcp/127.0.0.1/$port" || true
done
works chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message '"still there"'
kill -0 "$running" || fail 'the node has ended'
ends 0
err_has 'refused'
err_has 'node ended: 5 accepted'
if command -v openssl >/dev/null; then
  err_has 'worker'
fi

say 'many clients, and the node is killed meanwhile'
listens 0
typed='many clients'
"$binary" client --connect "127.0.0.1:$port" --cluster reader --clients 20 \
  --rate 20 --duration 6 --json >load.out 2>load.err &
load=$!
sleep 3
kill -9 "$running"
wait "$running" 2>/dev/null || true
sleep 1
listens "$port"
code=0
wait "$load" || code=$?
cp load.out out
cp load.err err
((code == 0)) || fail 'the clients did not finish'
json sent 2400
json accepted 2400
json refused 0
json failures 0
[[ $(grep -c 'not connected' err) -ge 1 ]] \
  || fail 'the lost connection is not logged'
[[ $(grep -c 'not connected' err) -le 3 ]] \
  || fail 'the lost connection is logged repeatedly'
works chancery chain verify --json
json passed true
json messages 2405

say 'a node that goes away for good'
typed='clients without a node'
: >load.err # lines of the clients above must not count
"$binary" client --connect "127.0.0.1:$port" --cluster reader --clients 3 \
  --rate 20 --duration 2 --json >load.out 2>load.err &
load=$!
for _ in {1..1200}; do
  ! grep -q 'connected to' load.err || break
  sleep 0.05
done
kill -9 "$running"
wait "$running" 2>/dev/null || true
code=0
wait "$load" || code=$?
cp load.out out
cp load.err err
((code == 1)) || fail 'expected exit code 1'
json given_up true
json stopped false
(($(number accepted) + $(number unconfirmed) + $(number unsent) == 120)) \
  || fail 'messages are missing'
(($(number unconfirmed) + $(number unsent) > 0)) || fail 'all have receipts'
err_has 'no answer came for 10 s after the last message was due: [0-9]+ messages'
listens "$port"

say 'at SIGTERM a run waits for its receipts'
: >load.err
"$binary" client --connect "127.0.0.1:$port" --cluster reader --clients 5 \
  --rate 5 --duration 600 --json >load.out 2>load.err &
load=$!
for _ in {1..1200}; do
  ! grep -q 'connected to' load.err || break
  sleep 0.05
done
sleep 2
told_to_end "$load"
code=0
wait "$load" || code=$?
cp load.out out
cp load.err err
((code == 1)) || fail 'expected exit code 1'
json stopped true
json failures 0
[[ $(number sent) == "$(number accepted)" ]] || fail 'a receipt is missing'
ends 0
works chancery chain verify --json
json passed true
