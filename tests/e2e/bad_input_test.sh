#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Bad input and failures: a clear error, the right exit code, no data lost.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data
works chancery init --keys 2
works chancery records seed --count 2000

say 'usage'
misused chancery
misused chancery nonsense
err_has 'there is no command "nonsense"'
misused chancery keys
misused chancery keys nonsense
misused chancery sign extra
misused chancery sign --nonsense
misused chancery sign --batch-size
for wrong in 0 -1 abc 100001 '' 1.5 0x10 99999999999999999999; do
  misused chancery sign --batch-size "$wrong"
  err_has 'whole number from 1 to 100,000 \(see chancery sign --help\)'
done
misused chancery sign --batch-size 0 --json
json error '"--batch-size'
misused chancery sign --signers 0
misused chancery sign --crypto-provider nonsense
err_has 'crypto-provider'
misused chancery init --data new --keys 0
misused chancery init --data new --keys 100001
misused chancery init --data new --curve p521
misused chancery records seed
misused chancery records seed --count 0
misused chancery verify --sample 0
for wrong in abc -1 1X 0 1K ''; do
  misused chancery sign --map-size "$wrong"
done
misused chancery keys export abc
[[ ! -e new ]]

say 'a missing data folder, and paths that are not one'
for command in sign status verify audit export 'keys list' 'records count'; do
  # shellcheck disable=SC2086
  fails chancery $command --data missing
  err_has 'there is no data folder missing: make it with `chancery init'
done
fails chancery status --data missing --json
json error '"there is no data folder'
mkdir none
fails chancery status --data none
err_has 'is not a data folder'
: >file
fails chancery status --data file
fails chancery init --data file
err_has 'is not a folder'
fails chancery init --data none/../file/below
mkdir used
echo letter >used/letter
fails chancery init --data used
err_has 'letter is in it'
[[ $(ls used) == letter ]] || fail 'init left files behind'

say 'an interrupted init'
works chancery init --data cut --keys 2
: >cut/init-unfinished
fails chancery sign --data cut
err_has 'was interrupted: run `chancery init --data cut` again'
works chancery init --data cut --keys 1
works chancery keys list --data cut --json
[[ $(grep -o '"id"' out | wc -l) == 1 ]] || fail 'expected the new key alone'

say 'the mark of an interrupted init that came back in a used folder'
cp -a data kept
: >kept/init-unfinished
fails chancery init --data kept
err_has 'kept holds 2000 records and 0 signatures, so it was used'
err_has 'remove kept/init-unfinished'
cmp -s data/keyring.jwe kept/keyring.jwe || fail 'the keyring was changed'
rm kept/init-unfinished
works chancery records count --data kept
out_is 2000
works chancery sign --data kept

say 'a wrong passphrase'
echo wrong >wrong
chmod 600 wrong
fails chancery sign --passphrase-file wrong
err_has 'tried: the passphrase from wrong'
! grep -q 'wrong$' err || fail 'the passphrase is in the error'
CHANCERY_PASSPHRASE='hunter2' fails chancery sign
err_has 'CHANCERY_PASSPHRASE'
! grep -q hunter2 err || fail 'the passphrase is in the error'
fails chancery sign --passphrase-file missing
err_has 'cannot read missing'
: >empty
fails chancery sign --passphrase-file empty
err_has 'is empty'

say 'a keyring that is truncated, changed, missing, newer or readable by all'
cp data/keyring.jwe good.jwe
damaged() { # expects an error, then restores the file
  fails chancery sign
  err_has 'keyring.jwe'
  cp good.jwe data/keyring.jwe
}
for size in 0 1 100 2000; do
  truncate -s "$size" data/keyring.jwe
  damaged
done
# Change one character in the middle of the encrypted part.
sed 's/\(.\{1000\}\)\(.\)/\1@/' good.jwe >data/keyring.jwe
damaged
half=$(($(wc -c <good.jwe) / 2))
other=$([[ $(tail -c "+$half" good.jwe | head -c1) == A ]] && echo B || echo A)
printf '%s' "$other" | dd of=data/keyring.jwe bs=1 seek=$((half - 1)) \
  conv=notrunc status=none
damaged
echo 'not a keyring' >data/keyring.jwe
damaged
rm data/keyring.jwe
fails chancery sign
err_has 'missing: restore it from a backup'
cp good.jwe data/keyring.jwe
chmod 644 data/keyring.jwe
works chancery keys add 1
err_has 'warning: .*keyring.jwe'
cp data/keyring.pub.json good.pub.json
echo '{' >data/keyring.pub.json
fails chancery verify
err_has 'keyring.pub.json'
fails chancery keys list
rm data/keyring.pub.json
fails chancery verify
err_has 'keyring.pub.json'
cp good.pub.json data/keyring.pub.json
sed -i 's/"chancery_format": 2/"chancery_format": 3/' data/keyring.pub.json
fails chancery verify
err_has 'newer version'
fails chancery keys add 1
err_has 'newer version'
cp good.pub.json data/keyring.pub.json

say 'a database that is missing, truncated or of a newer format'
cp -a data broken
rm broken/records/data.mdb
fails chancery status --data broken
cp data/records/data.mdb broken/records/data.mdb
truncate -s 5000 broken/records/data.mdb
fails chancery status --data broken
cp data/records/data.mdb broken/records/data.mdb
truncate -s 0 broken/records/data.mdb
fails chancery status --data broken
cp data/records/data.mdb broken/records/data.mdb
works chancery status --data broken
LC_ALL=C sed -i 's/format\x00\x00\x00[\x01-\x20]/format\x00\x00\x00\xff/' \
  broken/records/data.mdb
for command in status sign verify 'records count'; do
  # shellcheck disable=SC2086
  fails chancery $command --data broken
  err_has 'newer chancery'
done

say 'a small map'
works chancery init --data small --keys 1
fails chancery records seed --data small --count 100000 --map-size 1M
err_has 'map-size'
err_has 'go on with --count'
count=$(chancery records count --data small)
works chancery records seed --data small --count 100 --map-size 1G
works chancery records count --data small
out_is "$((count + 100))"
works chancery sign --data small
works chancery audit --data small

say 'a full disk'
fill() { dd if=/dev/zero of=full/rest bs=1k status=none 2>/dev/null || true; }
if try_mount -t tmpfs -o size=8m none full; then
  works chancery init --data full/data --keys 2
  works chancery records seed --data full/data --count 5000
  fill
  fails chancery sign --data full/data --json
  err_has 'No space left|full'
  json ended '"fault"'
  fails chancery records seed --data full/data --count 50000
  err_has 'No space left|full'
  err_has '0 of 50000 records are stored: go on with --count 50000'
  works chancery status --data full/data --json
  json records 5000
  rm full/rest
  # The disk fills during the run: it has room for some of the signatures.
  (fill && truncate -s -200K full/rest)
  fails chancery sign --data full/data --batch-size 7
  err_has 'No space left|full'
  rm full/rest
  works chancery verify --data full/data
  works chancery audit --data full/data
  works chancery sign --data full/data
  works chancery audit --data full/data --json
  json signatures 5000
  fill
  sha256sum full/data/keyring.{jwe,pub.json} >before
  fails chancery keys add 100 --data full/data
  sha256sum full/data/keyring.{jwe,pub.json} | cmp -s - before \
    || fail 'the keyring changed on a full disk'
  rm full/rest
  works chancery keys add 100 --data full/data
  fails chancery init --data full/data
else
  skipped 'mounting a small disk is not allowed'
fi

say 'a read-only folder'
works chancery sign
if try_mount -t tmpfs -o size=16m none disk; then
  cp -a data disk/ro
  mount -o remount,ro disk
  for command in status verify export 'keys list' 'records count'; do
    # shellcheck disable=SC2086
    works chancery $command --data disk/ro
  done
  works chancery audit --data disk/ro
  err_has 'warning: going on without the lock'
  for command in sign 'keys add 1' 'records seed --count 1' \
    'records import good.jwe'; do
    # shellcheck disable=SC2086
    fails chancery $command --data disk/ro
    err_has 'Read-only file system'
  done
  fails chancery init --data disk/new
else
  skipped 'mounting a read-only disk is not allowed'
fi
if ((EUID != 0)); then
  cp -a data closed
  chmod 500 closed
  fails chancery sign --data closed
  err_has 'Permission denied'
  chmod 700 closed
fi

say 'more signers than keys'
works chancery records seed --count 500
works chancery sign --signers 12 --batch-size 7
err_has 'warning: 12 signers share 3 keys'
works chancery verify
works chancery audit
