#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Input that the ledger's commands refuse: a clear error, the right exit code,
# and no data lost.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data CHANCERY_CLIENT=client
jws='[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+'

say 'usage'
misused chancery node --block-size 0
misused chancery node --block-size 65537
misused chancery node --validators 0
misused chancery node --stdin --keys
misused chancery chain
misused chancery chain block
misused chancery chain block nonsense
misused chancery chain previous 7
misused chancery chain message -1
misused chancery chain proof
misused chancery chain proof 1 --node-keys node.keys
misused chancery chain verify --node-id me
misused chancery client init
misused chancery client seal
misused chancery client seal '{}' --again
[[ ! -e data && ! -e client ]] || fail 'a folder was made'

say 'missing folders'
for command in 'chain count' 'chain verify' 'chain keys'; do
  # shellcheck disable=SC2086
  fails chancery $command
  err_has 'there is no ledger in data: make one with `chancery node'
done
fails chancery client status
err_has 'there is no client in client'
mkdir used
echo letter >used/letter
fails chancery node --stdin --data used
err_has 'not a data folder and not empty \(letter is in it\)'
fails chancery client init --node-keys used/letter --client used
[[ $(ls used) == letter ]] || fail 'files were left behind'

works chancery node --keys --block-size 2
cp out node.keys
works chancery node --keys --json
node=$(text node)
works chancery node --keys --data other
cp out other.keys
works chancery client init --node-keys node.keys --node-id "$node"
works chancery client status --json
client=$(text client)

say 'every line is answered, in order'
works chancery client register
cp out register
works chancery client seal 1
cp out first
{
  cat register
  echo
  head -c 140000 /dev/zero | tr '\0' A
  echo
  cat first
  echo nonsense
  printf 'half a line'
} >lines
node_answers lines
[[ $(wc -l <out) == 6 ]] || fail 'expected six answers'
[[ $(cut -d'"' -f4 out | tr '\n' ' ') =~ ^$client\ not_encrypted_to_me\ \
too_large\ $jws\ not_encrypted_to_me\ not_encrypted_to_me\ $ ]] \
  || fail 'the answers are not as expected'
err_has '1 accepted, 0 repeated, 1 registered, 4 refused: '
cp out answers
fails chancery client accept answers
err_has 'the node refused, too_large: '
err_has 'the node refused, not_encrypted_to_me: .*chancery client forget'
out_has '^receipt: message 1 of this client is message 0'
: >empty
node_answers empty
out_is ''

say 'answers that are not for this client are refused'
works chancery client seal 2
sed -nE 's/("receipt":".{200})../\1AA/p' answers >wrong
fails chancery client accept wrong
err_has 'cannot accept a receipt'
echo '{"registered":"somebody"}' >wrong
fails chancery client accept wrong
err_has 'another client'
echo 'nonsense' >wrong
fails chancery client accept wrong
err_has 'this line is not an answer of a node'
fails chancery client accept missing
works chancery client status --json
json unconfirmed true
works chancery client forget
out_has 'message 2 is given up'
fails chancery client forget
for wrong in '{' '' '1 2' '"' '{"a":1,"a":2}' '1],[2'; do
  fails chancery client seal "$wrong"
  err_has 'the body cannot be sent'
done
works chancery client status --json
json sequence 2

say 'a chain that went backward is detected'
for body in 3 4; do
  works chancery client seal "$body"
  cp out line
  node_answers line
  cp out answers
  ((body == 4)) || works chancery client accept answers
done
cp client/client.json honest.json
sed -i 's/"highest":null/"highest":{"index":7,"hash":"'"$node"'"}/' \
  client/client.json
! cmp -s client/client.json honest.json \
  || fail 'the highest block was not changed'
fails chancery client accept answers
err_has 'went backward'
works chancery client status --json
json unconfirmed true
cp honest.json client/client.json
works chancery client accept answers

say 'a damaged client.json is an error'
echo '{' >client/client.json
fails chancery client seal 5
err_has 'client.json: .*restore it from a backup'
cp honest.json client/client.json
works chancery client accept answers

say 'a proof that does not hold'
works chancery chain proof 0 --json
cp out proof
fails chancery chain proof 1 --check proof
err_has 'it proves message 0'
fails chancery chain proof --check proof --node-keys node.keys \
  --node-id "$client"
err_has 'not of'
sed 's/"leaf_index":0/"leaf_index":1/' proof >wrong
fails chancery chain proof --check wrong --json
json verified false
sed -E 's/("jws":"[^"]{100})../\1AA/' proof >wrong
fails chancery chain proof --check wrong
err_has 'the proof does not hold'
fails chancery chain proof --check proof --node-keys other.keys
err_has 'the proof does not hold'
echo nonsense >nonsense
fails chancery chain proof --check nonsense
fails chancery chain proof --check proof --node-keys nonsense
err_has 'cannot use nonsense'

say 'a chain that was changed'
works chancery chain verify
fails chancery chain verify --node-id "$client"
err_has "this is node $node, not $client"
works chancery chain message 1 --json
signature=$(text jws | tail -c 31)
cp -a data damaged
LC_ALL=C sed -i "s/$signature/${signature:0:10}AAAA${signature:14}/" \
  damaged/ledger/data.mdb
fails chancery chain verify --data damaged
out_has '^✗ '
out_has '^The chain is broken\.$'
err_has 'is broken: '
fails chancery chain verify --data damaged --json
json passed false

say 'another block size, a wrong passphrase, the keys of another node'
fails chancery node --stdin --block-size 100
err_has 'has a fixed block size of 2'
works chancery node --keys --block-size 2
echo 'not the passphrase of this' >passphrase.wrong
chmod 600 passphrase.wrong
fails chancery node --stdin --passphrase-file passphrase.wrong
err_has 'node.jwe.*tried: the passphrase from passphrase.wrong'
fails chancery client register --passphrase-file passphrase.wrong
err_has 'client.jwe.*tried: the passphrase from passphrase.wrong'
mv data/node.jwe kept.jwe
fails chancery node --stdin
err_has 'node.jwe is missing'
cp other/node.jwe data/node.jwe
CHANCERY_PASSPHRASE=$(<other/passphrase) fails chancery node --stdin
err_has "belongs to the node $node"
mv kept.jwe data/node.jwe
mv data/ledger kept
fails chancery node --stdin
err_has 'is missing, but its node.s keys exist'
mv kept data/ledger
works chancery node --stdin

say 'a list of who may register'
works chancery client init --node-keys other.keys --client listed
works chancery client status --client listed --json
echo "$(text client)  # the one" >list
works chancery client register --client listed
cp out lines
works chancery client init --node-keys other.keys --client stranger
works chancery client register --client stranger
cat out >>lines
node_answers lines --data other --allow list
out_has '^\{"registered":'
out_has '^\{"refused":"not_allowed","reason":"'
fails chancery node --allow nonsense --data other
err_has 'cannot use nonsense'
fails chancery client init --node-keys node.keys
err_has "is already a client's folder"
fails chancery client init --node-keys node.keys --node-id "$client" \
  --client new
[[ ! -e new ]] || fail 'a client was made'

say 'an interrupted first start is finished by the next'
mkdir cut
: >cut/ledger-unfinished
fails chancery chain count --data cut
err_has 'was interrupted: start `chancery node --data cut` again'
works chancery node --keys --data cut
works chancery chain count --data cut
out_is 0
