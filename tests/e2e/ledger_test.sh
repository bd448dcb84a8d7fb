#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The ledger as intended: a node that answers lines, a client without a network,
# and queries of the chain.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data CHANCERY_CLIENT=client
id='[A-Za-z0-9_-]{43}'
jws='[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+'

say 'help'
for command in node chain 'chain count' 'chain block' 'chain head' \
  'chain previous' 'chain message' 'chain proof' 'chain verify' 'chain keys' \
  client 'client init' 'client register' 'client seal' 'client accept' \
  'client forget' 'client status' 'simulate ledger'; do
  # shellcheck disable=SC2086
  works chancery $command --help
  out_has '^Example:'
  out_has 'chancery '
done

say 'the example of the help text'
works chancery node --keys --block-size 3
out_has "^$jws\$"
cp out node.keys
works chancery client init --node-keys node.keys
out_has "^client: created for client $id of node $id\$"
chancery_folder=$(dirname "$binary")
# shellcheck disable=SC2016 # the dollars are the inner shell's
PATH=$chancery_folder:$PATH works bash -c '
  { chancery client register; chancery client seal '\''{"invoice":7}'\''; } |
    chancery node --stdin | chancery client accept'
out_has '^registered: the node knows this client now$'
out_has '^receipt: message 1 of this client is message 0 of the ledger, since 20'
err_has "node $id: 3 messages in a block, 0 messages and 0 blocks so far"
err_has 'node ended: 1 accepted, 0 repeated, 1 registered, 0 refused$'
[[ $(stat -c %a data) == 700 && $(stat -c %a data/passphrase) == 600 ]]
[[ $(stat -c %a data/node.jwe) == 600 && $(stat -c %a client) == 700 ]]

say 'both forms of the keys name the same node'
works chancery node --keys --json
node=$(text node)
works chancery chain keys
json node "\"$node\""
json block_size 3
out_has '"use":"sig".*"use":"enc"'
works chancery client status --json
json node "\"$node\""
client=$(text client)
json sequence 1
json unconfirmed false
json receipts 1
json highest_block null

say 'queries of a chain without a block'
works chancery chain count
out_is 0
works chancery chain count --json
json blocks 0
json messages 1
json pending 1
fails chancery chain head
err_has 'no block is complete yet'
fails chancery chain head --json
json found false
fails chancery chain proof 0
err_has 'is not in a block yet: its block needs 2 more'
works chancery chain message 0 --json
json block null
json client "\"$client\""
out_has '"body":\{"invoice":7\}'

say 'one message at a time, and the same one resent, also with CR LF'
works chancery client seal '{ "invoice":8.50,"n":12345678901234567890123 }'
sed 's/$/\r/' out >second
fails chancery client seal '{"invoice":9}'
err_has 'message 2 has no receipt yet'
works chancery client seal --again
! cmp -s out second || fail 'it was not encrypted again'
cat second out >lines
node_answers lines
[[ $(wc -l <out) == 2 && $(sort -u out | wc -l) == 1 ]] \
  || fail 'the same message got another receipt'
err_has '1 accepted, 1 repeated'
cp out answers
works chancery chain message 1 --json
json body '{ "invoice":8.50,"n":12345678901234567890123 }'
works chancery chain message 1
out_has '^Body      \{ "invoice":8.50,"n":12345678901234567890123 \}$'
works chancery client accept answers
[[ $(grep -c '^receipt: ' out) == 2 ]] || fail 'expected two answers'
out_has '^receipt: already stored$'
fails chancery client seal --again
err_has 'no message waits'
works chancery client accept answers --json
[[ $(grep -c '"seq":2,"index":1,.*"again":true' out) == 2 ]] \
  || fail 'the receipts are not printed again'

say 'after a restart the node returns the first receipt, byte for byte'
node_answers second
[[ $(<out) == "$(head -1 answers)" ]] || fail 'another receipt'

say 'the third message makes the block'
works chancery client seal '"€ \u0007"' --json
json seq 3
text jwe >third
node_answers third
cp out answers
works chancery client accept answers --json
json seq 3
json index 2
json block null
works chancery chain count
out_is 1
works chancery chain head --json
cp out head
hash=$(text hash)
json index 0
json count 3
json first_message 0
json node "\"$node\""
json previous '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"'
hexadecimal=$(basenc -d --base64url <<<"$hash=" | od -An -v -tx1 | tr -d ' \n')
for name in 0 "$hash" "$hexadecimal"; do
  works chancery chain block "$name" --json
  cmp -s out head || fail "block $name is not the head"
done
[[ $(basenc -d --base64url <<<"$(text header)" | sha256sum) \
  == "$hexadecimal "* ]] || fail 'the hash is not that of the header'
works chancery chain block 0
out_has '^Previous  none, it is the first$'
fails chancery chain block 1 --json
json found false
err_has 'there is no block 1: the chain has 1'
fails chancery chain previous "$hash"
err_has 'that is the first block'
fails chancery chain previous "$hash" --json
json first true
fails chancery chain previous -AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
err_has 'there is no block'
fails chancery chain message 3
err_has 'there is no message 3: the ledger has 3'
works chancery chain message 2
out_has '^Body      "\\u20ac \\u0007"$'

say 'a second block, with the hash of the first'
for body in 4 5 6; do
  works chancery client seal "$body"
  cp out line
  node_answers line
  cp out answers
  works chancery client accept answers
done
works chancery client status --json
json highest_block 0
works chancery chain head --json
json index 1
json previous "\"$hash\""
second_hash=$(text hash)
works chancery chain previous "$second_hash" --json
cmp -s out head || fail 'the block before it is not the first one'

say 'a proof, and its check without a data folder'
works chancery chain proof 1
out_has 'The proof holds'
works chancery chain proof 1 --json
cp out proof
json verified true
json tree_size 3
works chancery chain proof --check proof
out_has "^The proof holds: message 1 is in block 0 of node $node\\.\$"
works chancery chain proof 1 --check proof --data nowhere \
  --node-keys node.keys --node-id "$node" --json
json verified true
json index 1
# shellcheck disable=SC2016 # the dollar is the inner shell's
works bash -c '"$0" chain proof --check - <proof' "$binary"

say 'verify'
works chancery chain verify
[[ $(grep -c '^✓ ' out) == 6 && $(grep -c '^✗' out) == 0 ]] \
  || fail 'expected six rules that hold'
out_has "^The chain of node $node holds\\.\$"
works chancery chain verify --json --threads 1 --node-id "$node"
json passed true
json blocks 2
json messages 6
json pending 0
json clients 1

say 'while a node runs, another is refused, and queries work'
starts_node --stdin
cat second >&5
for _ in {1..1200}; do
  [[ ! -s node.out ]] || break
  sleep 0.05
done
works chancery chain message 1 --json
[[ $(text receipt) == "$(text receipt node.out)" ]] \
  || fail 'the receipts differ'
fails chancery node --stdin
err_has "data is in use by process $running"
fails chancery init --keys 1
err_has "data is in use by process $running"
works chancery node --keys
cmp -s <(cut -d. -f1,2 out) <(cut -d. -f1,2 node.keys) || fail 'the keys differ'
works chancery chain count
works chancery chain verify

say 'SIGTERM ends a node in order while it waits for a line'
told_to_end "$running"
code=0 typed='a node that waits for a line'
wait "$running" || code=$?
cp node.err err
[[ $code == 0 ]] || fail 'expected exit code 0'
exec 5>&-
err_has 'node ended: 0 accepted, 1 repeated'

say 'without --stdin a node warns and waits'
starts_node
kill -INT "$running"
ended_node 0
[[ ! -s out ]] || fail 'it printed an answer'
err_has 'without --listen or --stdin no client can send'

say 'a closed output ends a node in order'
rm -f input code
mkfifo input
(
  set +o pipefail
  "$binary" node --stdin <input 2>node.err | head -c 1 >/dev/null
  echo "${PIPESTATUS[0]}" >ended
) &
exec 5>input
for _ in {1..1200}; do
  [[ ! -e ended ]] || break
  cat second >&5 2>/dev/null || true
  sleep 0.05
done
wait $!
exec 5>&-
cp node.err err
code=$(<ended) typed='a node whose output is closed'
[[ $code == 1 ]] || fail 'expected exit code 1'
err_has 'the output is closed'
works chancery chain verify

say 'records and ledger in one folder, under one passphrase'
works chancery init --keys 2
works chancery records seed --count 10
starts_node --stdin
works chancery sign
ended_node 0
cp data/keyring.jwe old.jwe
cp data/passphrase old.passphrase
echo 'the second one of them' >new
chmod 600 new
works chancery keys passphrase --new-passphrase-file new
fails chancery node --stdin
err_has 'no passphrase'
works chancery node --stdin --passphrase-file new
works chancery keys add 1 --passphrase-file new

say 'a passphrase change cut off between two files can be repeated'
cp old.jwe data/keyring.jwe
cp old.passphrase data/passphrase
works chancery keys passphrase --new-passphrase-file new
works chancery node --stdin --passphrase-file new
works chancery keys add 1 --passphrase-file new
works chancery audit
