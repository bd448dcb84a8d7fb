#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a command reports as done survives a power cut: every name that it made,
# replaced or removed is on disk, because its folder was flushed afterwards. A
# preloaded library knows which were not.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
library=$(realpath "$2")

# Locks, and the progress of a running `sign`, say nothing after a power cut.
passing='/(lock|node\.lock|lock\.mdb|status\.json)$'

# lasts COMMAND...: it works, and loses no name below ./disk.
lasts() {
  rm -f lost
  works env CHANCERY_WATCHED="$work/disk" CHANCERY_LOST="$work/lost" \
    LD_PRELOAD="$library" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$binary" "$@"
  [[ -e lost ]] || fail 'the names were not watched'
  ! grep -vE "$passing" lost >lost_for_good \
    || fail "a power cut takes back: $(tr '\n' ' ' <lost_for_good)"
}
mkdir disk

say 'a data folder, with what is above it'
export CHANCERY_DATA=disk/a/b/data
lasts init --keys 2
lasts keys add 1
mkdir safe
mv "$CHANCERY_DATA/keyring.jwe" safe/
ln -s "$work/safe/keyring.jwe" "$CHANCERY_DATA/keyring.jwe"
lasts keys add 1
lasts records seed --count 300
lasts sign --batch-size 10
lasts cluster init
lasts cluster issue left --out disk/hosts/left
mkdir disk/empty
lasts cluster issue right --out disk/empty
echo 'another one' >second
chmod 600 second
lasts keys passphrase --new-passphrase-file second

say 'exported files'
lasts export --out disk/signatures.jsonl
lasts export --out disk/signatures.jsonl
lasts export --format der --out disk/der
lasts export --format der --tar disk/signed.tar --state disk/export.state
lasts audit --batches disk/batches.jsonl
lasts keys bundle --out disk/worker.bundle --passphrase-file second
works chancery keys list --json
key=$(grep -oE '"id":"[^"]*"' out | head -1 | cut -d'"' -f4)
lasts keys export "$key" --public --out disk/key.pem

say 'a ledger and a client'
export CHANCERY_DATA=disk/ledger CHANCERY_CLIENT=disk/c/client
lasts node --keys
cp out keys
lasts client init --node-keys keys
works chancery client register
cp out lines
lasts client seal '{"n":1}'
cat out >>lines
node_answers lines
cp out answers
lasts client accept answers
works chancery client register
cp out lines
lasts client seal '{"n":2}'
lasts client forget
