#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The records of `chancery serve` and what is round it: an empty folder, other
# commands beside it, a half that is left out, what it cannot start with, a disk
# that fills and has room again, a clock that is set.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source "$here/serving.sh"
source "$here/posting.sh"
clock=$(realpath "$2")

say 'an empty folder gets a keyring'
serves
grep -q '^chancery: made a keyring of 100 keys in ' server.err \
  || fail 'it does not say that it made a keyring'
echo one >one
posts 201 "$octets" one '/v1/records?name=first&wait=30'
posts 200 "$octets" one '/v1/records?name=first'
answered existing true
makes_lines 20 a >many
posts 201 "$lines" many
all_signed
stored 21

say 'other commands beside it'
for refused in sign 'records seed --count 1' 'records import many --format lines' \
  'upgrade'; do
  # shellcheck disable=SC2086 # words of a command
  fails chancery $refused
  err_has "is in use by .chancery serve. .process $server.*POST /v1/records"
  one_sentence
done
fails chancery init
err_has 'POST /v1/records'
one_sentence
passes_audit
json beside "$server"
err_has "process $server works in this folder"
works chancery verify
works chancery status --json
json in_use_by "$server"
json service true
works chancery keys list --json
[[ $(grep -o '"state":"active"' out | wc -l) == 100 ]] || fail 'not 100 keys'
works chancery export
[[ $(wc -l <out) == 21 ]] || fail 'export lacks lines'
stored 21

say 'a keyring that cannot be read at SIGHUP'
mv data/keyring.jwe kept.jwe
kill -HUP "$server"
until_true grep -q 'the keys of the last epoch stay' server.err
until_true signing_says epoch 2
posts 201 "$octets" one
all_signed
mv kept.jwe data/keyring.jwe
kill -HUP "$server"
until_true signing_says epoch 3
posts 201 "$octets" one
all_signed
[[ $(grep -c 'the keys of the last epoch stay' server.err) == 1 ]] \
  || fail 'it warns of a keyring that is there'
ends
passes_audit

say 'one half alone'
misused chancery serve --no-signing --no-ledger
misused chancery serve --no-signing --workers 127.0.0.1:0
works chancery records seed --count 30
serves --no-signing
posts 501 "$octets" one
works chancery sign
asks 200 /v1/records/30
answered signed true
ends
serves --no-ledger
for path in /v1/node /v1/blocks/head /v1/messages/0; do
  asks 404 "$path"
done
asks 200 /readyz
posts 201 "$octets" one '/v1/records?wait=30'
ends
[[ $(grep -c ' node ' server.err) == 0 ]] || fail 'it runs a node'

say 'what it cannot start with'
# starts_not PATTERN OPTIONS...
starts_not() {
  local pattern=$1
  shift
  fails chancery serve --http 127.0.0.1:0 "$@"
  one_sentence
  err_has "$pattern"
}
echo wrong >wrong
chmod 600 wrong
starts_not passphrase --passphrase-file wrong
cp data/keyring.jwe kept.jwe
echo nonsense >data/keyring.jwe
starts_not keyring.jwe
rm data/keyring.jwe
starts_not 'restore it from a backup'
mv kept.jwe data/keyring.jwe
if try_mount -t tmpfs -o size=32m none still; then
  cp -r data still/
  mount -o remount,ro still
  starts_not 'Read-only file system' --data still/data
else
  skipped 'mounting a read-only disk is not allowed'
fi

say 'a clock that is set'
mv "$work/data" "$work/before"
program=$binary
cat >clocked <<END
#!/bin/bash
exec env CLOCK_BY=\$(<$work/ahead) LD_PRELOAD=$clock \
  ASAN_OPTIONS=\${ASAN_OPTIONS:-}:verify_asan_link_order=0 $program "\$@"
END
chmod +x clocked
works chancery init --keys 3
for ahead in 0 -3600 3600 0; do
  echo "$ahead" >ahead
  binary=$work/clocked
  serves --no-ledger
  makes_lines 5 "by $ahead" >many
  posts 201 "$lines" many
  all_signed
  if [[ $ahead == 3600 ]]; then
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
    server=
  else
    ends
  fi
  binary=$program
  passes_audit
  json unsigned 0
done
works chancery export
[[ $(wc -l <out) == 20 ]] || fail 'not all are signed'
grep -oP '"time":"\K[^"]+' out >moments
sort -c moments || fail 'times go down'

say 'a disk that fills, and has room again'
if try_mount -t tmpfs -o size=64m none disk; then
  export CHANCERY_DATA=disk/data
  works chancery init --keys 3
  works chancery records seed --count 200
  room=$(df -k --output=avail disk | tail -1)
  head -c "$(((room - 4096) * 1024))" /dev/zero >disk/ballast
  serves --disk-reserve 16
  asks 503 /readyz
  out_has '"name":"disk","ok":false'
  posts 507 "$octets" one
  out_has '"code":"disk_full"'
  grep -qi '^Content-Type: application/problem+json' head || fail 'no problem'
  asks 200 /livez
  asks 200 /v1/records/7/data
  sleep 1
  signing_says signed 0 || fail 'it signs without room'
  truncate -s "$((4 << 20))" disk/ballast
  asks 200 /readyz
  posts 201 "$octets" one
  all_signed
  stored 201
  passes_audit
  room=$(df -k --output=avail disk | tail -1)
  head -c "$(((room - 12288) * 1024))" /dev/zero >disk/second
  posts 507 "$octets" one
  asks 503 /readyz
  rm disk/second
  posts 201 "$octets" one '/v1/records?wait=30'
  all_signed
  ends
  passes_audit
  json signatures 202
else
  skipped 'mounting a small disk is not allowed'
fi

say done
