#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The files that an operator makes for several hosts: the authority, a folder
# per host, and the bundle of keys for workers.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
unset CHANCERY_CLUSTER
export CHANCERY_DATA=data

mode_is() {
  [[ $(stat -c %a "$2") == "$1" ]] || fail "$2 has mode $(stat -c %a "$2")"
}

say 'a cluster belongs to a data folder'
fails chancery cluster init
err_has 'there is no data folder data'
mkdir empty
fails chancery cluster init --data empty
err_has 'not a data folder'
[[ -z $(ls empty) ]] || fail 'files were left behind'
works chancery init --keys 3
fails chancery cluster issue left
err_has 'there is no cluster in data: .*chancery cluster init'
[[ ! -e left ]] || fail 'a folder was left behind'

say 'init, once'
works chancery cluster init --json
cluster=$(text cluster)
json certificate '"data/cluster.pem"'
[[ $cluster =~ ^[0-9a-f]{16}$ ]] || fail 'the cluster id is malformed'
mode_is 600 data/cluster.jwe
before=$(cat data/cluster.*)
fails chancery cluster init
err_has 'already has a cluster'
[[ $(cat data/cluster.*) == "$before" ]] || fail 'init changed a file'

say 'an interrupted init is finished with the same key'
mv data/cluster.pem kept.pem
works chancery cluster init --json
json cluster "\"$cluster\""
say 'a missing key is not replaced by a new one'
mv data/cluster.jwe kept.jwe
fails chancery cluster init
err_has 'cluster.jwe is missing: restore the key from a backup'
fails chancery cluster issue left
err_has 'cluster.jwe is missing'
mv kept.jwe data/cluster.jwe

say 'issue'
works chancery cluster issue left
out_has '^left is for the worker left, valid until 20'
out_has "contains the host's private key"
mode_is 700 left
mode_is 600 left/host.key
[[ $(cd left && echo *) == 'ca.pem host.key host.pem' ]] \
  || fail 'left has other files'
works chancery cluster issue right --role client --days 10 --out new/r/ --json
json name '"right"'
json role '"client"'
json cluster "\"$cluster\""
json folder '"new/r"'
for role in coordinator node; do
  works chancery cluster issue "$role" --role "$role"
done
mkdir free
works chancery cluster issue free --out free
mode_is 700 free

say 'issue overwrites nothing'
key=$(<left/host.key)
fails chancery cluster issue left
err_has 'left exists: name another folder with --out'
fails chancery cluster issue other --out left
touch file
fails chancery cluster issue other --out file
[[ $(<left/host.key) == "$key" ]] || fail 'the key was overwritten'
ln -s left link
fails chancery cluster issue other --out link
compgen -G '.chancery-*' >/dev/null && fail 'files were left behind'

say 'issue follows a link, to an empty folder or to nothing'
mkdir -m 755 empty_one
ln -s empty_one to_empty
ln -s made_by_link to_nothing
for link in to_empty to_nothing; do
  works chancery cluster issue other --out "$link"
  [[ -L $link ]] || fail 'the link became a folder'
  mode_is 700 "$link/"
  works chancery cluster show "$link"
done

say 'invalid names, roles and days'
misused chancery cluster issue
misused chancery cluster
for name in Left left_1 -left left- a.b '' "$(printf 'x%.0s' {1..64})"; do
  misused chancery cluster issue --out other -- "$name"
done
misused chancery cluster issue other --role king
err_has 'no role "king": a host is a coordinator, worker, node or client'
for days in 0 -1 3651 x; do
  misused chancery cluster issue other --days "$days"
done
[[ ! -e other ]] || fail 'a folder was left behind'

say 'openssl agrees'
# verify FOLDER PURPOSE: openssl's verdict on a host's certificate.
verify() {
  openssl verify -x509_strict -purpose "$2" -CAfile "$1/ca.pem" \
    "$1/host.pem" 2>&1 || true
}
for pair in left:sslclient new/r:sslclient coordinator:sslserver node:sslserver
do
  folder=${pair%:*} purpose=${pair#*:}
  typed="openssl verify -purpose $purpose $folder"
  verify "$folder" "$purpose" >out
  out_has 'host.pem: OK'
  other=sslserver
  [[ $purpose == sslclient ]] || other=sslclient
  verify "$folder" "$other" >out
  ! grep -q ': OK' out || fail "it is valid for $other, too"
done
[[ $(openssl pkey -in left/host.key -pubout) == \
  $(openssl x509 -in left/host.pem -noout -pubkey) ]] \
  || fail 'key and certificate differ'

say 'show'
works chancery cluster show left
out_has '^Name +left$'
out_has '^Role +worker$'
out_has "^Cluster +$cluster$"
out_has '^Valid +from 20.* until 20'
works chancery cluster show left --json
json usable true
json role '"worker"'
serial=$(openssl x509 -in left/host.pem -noout -serial | cut -d= -f2)
json serial "\"${serial,,}\""
fails chancery cluster show nowhere
err_has 'there is no folder nowhere'
misused chancery cluster show

say 'show says what is wrong with a folder'
cp -r left broken
cp node/host.key broken/host.key
fails chancery cluster show broken --json
json usable false
err_has "broken: the host's key does not match its certificate"
rm broken/host.key
fails chancery cluster show broken
err_has 'broken/host.key is missing: copy the whole folder'
echo >broken/host.key
echo nothing >broken/host.pem
fails chancery cluster show broken
err_has 'broken/host.pem: not a PEM file'
works chancery init --data data2 --keys 1
works chancery cluster init --data data2
works chancery cluster issue left --data data2 --out left2
cp -r left mixed
cp left2/ca.pem mixed
fails chancery cluster show mixed
err_has 'another authority'

say 'the passphrase also protects the cluster'
echo wrong >wrong
echo second >second
chmod 600 wrong second
fails chancery cluster issue more --passphrase-file wrong
err_has 'cluster.jwe: the passphrase does not open it.*tried.*wrong'
[[ ! -e more ]] || fail 'a folder was left behind'
works chancery keys passphrase --new-passphrase-file second
fails chancery cluster issue more
err_has 'no passphrase'
works chancery cluster issue more --passphrase-file second
works chancery cluster show more --json
json cluster "\"$cluster\""
export CHANCERY_PASSPHRASE=second

say 'a bundle of the keys'
works chancery keys bundle --out worker.bundle --json
json keys 3
json bundle '"worker.bundle"'
json passphrase_file '"worker.bundle.passphrase"'
fingerprint=$(text fingerprint)
[[ -n $fingerprint && $(text folder_id) =~ ^[A-Za-z0-9_-]{22}$ ]] \
  || fail 'fingerprint or folder_id is missing'
mode_is 600 worker.bundle
mode_is 600 worker.bundle.passphrase
fails chancery keys bundle --out worker.bundle
err_has 'exists: .*--force'
works chancery keys bundle --out worker.bundle --force
out_has "holds 3 keys for workers of data, fingerprint $fingerprint"
out_has 'encrypted under the passphrase from worker.bundle.passphrase'
works chancery keys bundle --out other.bundle --bundle-passphrase-file wrong
out_has 'encrypted under the passphrase from wrong'
[[ ! -e other.bundle.passphrase ]] || fail 'a passphrase that was given is kept'
fails chancery keys bundle --out none.bundle --passphrase-file wrong
[[ ! -e none.bundle && ! -e none.bundle.passphrase ]] \
  || fail 'a bundle was left behind'
misused chancery keys bundle
misused chancery keys bundle --out /dev/null

say 'its passphrase opens nothing else, and the folder'"'"'s does not open it'
cp worker.bundle.passphrase kept
works chancery keys bundle --out worker.bundle --force
cmp -s worker.bundle.passphrase kept || fail 'a new bundle has a new passphrase'
fails chancery keys add 1 --passphrase-file worker.bundle.passphrase
err_has 'the passphrase does not open it'
fails chancery cluster issue more2 --passphrase-file worker.bundle.passphrase
err_has 'the passphrase does not open it'
opens() { # BUNDLE [OPTIONS]: by a worker that finds no coordinator
  code=0 typed="worker --keyring $*"
  env -u CHANCERY_PASSPHRASE "$binary" worker --connect 127.0.0.1:9 \
    --cluster left --keyring "$@" </dev/null >out 2>err &
  local worker=$!
  told_to_end "$worker" 2>/dev/null || true # it may have ended
  wait "$worker" || code=$?
}
opens worker.bundle
((code == 0)) || fail 'the passphrase beside it does not open it'
opens worker.bundle --passphrase-file second
((code == 1)) || fail 'the passphrase of the data folder opens it'
err_has 'worker.bundle: the passphrase does not open it.*second'
opens other.bundle
((code == 1)) || fail 'it opens without a passphrase'
err_has 'no passphrase; copy other.bundle.passphrase'
opens other.bundle --passphrase-file wrong
((code == 0)) || fail 'the passphrase that was given does not open it'
CHANCERY_BUNDLE_PASSPHRASE=third works chancery keys bundle --out third.bundle
out_has 'from the environment variable CHANCERY_BUNDLE_PASSPHRASE'

say 'a bundle has no retired keys'
works chancery keys list --json
works chancery keys retire "$(text id)"
works chancery keys bundle --out worker.bundle --force --json
json keys 2
[[ $(text fingerprint) != "$fingerprint" ]] \
  || fail 'the fingerprint did not change'

say 'a bundle is not a keyring'
cp data/keyring.jwe keyring.jwe
cp worker.bundle data/keyring.jwe
fails chancery keys add 1
err_has 'it is a keyring bundle for a worker, not a keyring'
cp keyring.jwe data/keyring.jwe
works chancery keys add 1

say 'a cluster beside a ledger alone, with init afterwards'
export CHANCERY_DATA=ledger
works chancery node --keys
works chancery cluster init
works chancery cluster issue n --role node
works chancery init --keys 1
works chancery cluster issue c --role coordinator
fails chancery cluster init
echo third >third
chmod 600 third
works chancery keys passphrase --new-passphrase-file third
works chancery cluster issue d --role client --passphrase-file third
