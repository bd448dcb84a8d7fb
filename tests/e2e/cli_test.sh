#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs every command once as intended, with output for people and as JSON.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

say 'help and version'
works chancery --version
out_has '^chancery [0-9]+\.[0-9]+\.[0-9]+$'
for command in '' init keys 'keys list' 'keys add' 'keys import' 'keys export' \
  'keys retire' 'keys passphrase' records 'records seed' 'records import' \
  'records count' 'records get' 'records signature' sign status verify audit \
  export page simulate 'simulate signing'; do
  # shellcheck disable=SC2086
  works chancery $command --help
  out_has '^Example:'
  out_has '^  chancery '
done

say 'init'
works chancery init --data data --keys 3 --json
json keys 3
json curve '"P-256"'
json passphrase_file '"data/passphrase"'
[[ $(stat -c %a data) == 700 && $(stat -c %a data/passphrase) == 600 ]]
[[ $(stat -c %a data/keyring.jwe) == 600 ]]
fails chancery init --data data
err_has 'is not empty'
works chancery init --data second --keys 1
out_has 'created with 1 keys on P-256'
out_has 'passphrase is random and stored in second/passphrase'

say '--data and --json before and after the command, and CHANCERY_DATA'
works chancery --data data --json records count
json records 0
works chancery records count --json --data data
json records 0
CHANCERY_DATA=data works chancery records count
out_is 0
CHANCERY_DATA=nowhere works chancery records count --data data
mkdir elsewhere
mv second elsewhere/chancery-data
cd elsewhere
works chancery status
cd ..
export CHANCERY_DATA=data

say 'an empty folder'
works chancery sign
out_has 'there are no records'
works chancery verify
works chancery audit
works chancery export
out_is ''
works chancery status --json
json records 0
json last_run null
json running null
works chancery keys list
out_has '^ID .* LAST USED$'
out_has 'never$'

say 'records'
works chancery records seed --count 1000
out_has 'seeded 1,000 records; there are 1,000 now'
works chancery records seed --count 50 --size 0 --json
json seeded 50
json first 1000
json records 1050
works chancery records get 1049 --json
json size 0
json signed false
works chancery records get 999
[[ $(wc -c <out) == 160 ]] || fail 'record 999 does not have 160 bytes'
works chancery init --data again --keys 1
works chancery records seed --data again --count 1000 --seed 1
works chancery records get 999 --data again
cp out again.999
works chancery records get 999
cmp -s out again.999 || fail 'the same seed gave another record'
works chancery init --data other --keys 1
works chancery records seed --data other --count 1000 --seed 2
works chancery records get 999 --data other
! cmp -s out again.999 || fail 'another seed gave the same record'

say 'sign'
works chancery sign --batch-size 100 --signers 2 --json
json epoch 1
json signed 1050
json left 0
json batches 11
[[ $(text provider) =~ ^(batch|openssl)$ ]] \
  || fail 'expected the fastest provider'
json batch_size 100
json signers 2
json conflicts 0
json stopped false
json ended '"done"'
[[ $(number records_per_second) != 0 ]] || fail 'no rate'
works chancery sign
out_has 'all 1,050 records are signed'
no_err
works chancery records seed --count 95
works chancery sign --batch-size 10 --crypto-provider botan
out_has 'signed 95 records in 10 batches'
works chancery records seed --count 3 --data again
works chancery sign --batch-size 100000 --data again --json \
  --crypto-provider batch --paranoid
json batches 1
json signed 1003
json provider '"batch"'
works chancery status --data again --json
json provider '"batch"'
works chancery audit --data again

say 'status for Prometheus'
works chancery status --prometheus
out_has '^chancery_records_signed_total [1-9][0-9]*$'
out_has '^chancery_records_unsigned 0$'
out_has '^chancery_database_bytes\{store="records"\} [1-9]'
! grep -q 'http\|process_' out || fail 'it has figures of a service'
misused chancery status --prometheus --json
fails chancery status --prometheus --data nowhere

say 'status'
works chancery status --json
json records 1145
json signed 1145
json left 0
json keys '{"active":3,"retired":0,"total":3,"curve":"P-256","purpose":"raw","sealing":null}'
json batches 21
json epoch 2
json batch_size 10
json provider '"botan"'
json running null
json in_use_by null
[[ $(number database_bytes) -gt 100000 ]] || fail 'no database size'
works chancery status
out_has '^Records +1,145: 1,145 signed, 0 left$'
out_has '^Last run  epoch 2: 95 signed in 10 batches of up to 10, with botan$'
out_has ' closed 20'

say 'verify and audit'
works chancery verify --json
json verified 1145
json wrong 0
works chancery verify --sample 100 --threads 2
out_has '^100 signatures verify, 0 are wrong'
works chancery audit --json
json passed true
json signatures 1145
json batches 21
json epochs 2
works chancery audit --threads 1
[[ $(grep -c '^✓ ' out) -ge 5 && $(grep -c '^✗' out) == 0 ]] \
  || fail 'a rule has no mark or a bad one'
out_has '^What an audit cannot see:$'
out_has '^The audit passed\.$'

say 'audit --trust'
works chancery keys list --json
grep -oE '"id":"[^"]*"' out | cut -d'"' -f4 >ids
[[ $(wc -l <ids) == 3 ]] || fail 'expected three ids'
{
  echo '# from the safe'
  sed 's/$/  # ours/' ids
} >trust
works chancery audit --trust trust
head -2 ids >too_few
fails chancery audit --trust too_few
out_has '^✗ '
err_has "$(tail -1 ids)"
fails chancery audit --trust too_few --json
json passed false
echo nonsense >>trust
fails chancery audit --trust trust
err_has 'line 5 is not a key id'

say 'unsigned records are reported and are no error'
works chancery records seed --count 5
works chancery verify
out_has '5 records are not signed, which is no error'
works chancery audit
works chancery status --json
json left 5

say 'export'
works chancery export
no_err
[[ $(wc -l <out) == 1145 ]] || fail 'expected one line per signature'
line='^\{"record":1144,"key":"[A-Za-z0-9_-]{43}","alg":"ES256",'
line+='"signature":"[A-Za-z0-9_-]{86}","batch":\{"first":1140,"count":5,'
line+='"lease":"2\.[0-9]+"\},"time":"20[0-9-]{8}T[0-9:.]{12}Z"\}$'
out_has "$line"
cp out all.jsonl
works chancery export --out signatures.jsonl
out_has 'exported 1,145 signatures'
cmp -s all.jsonl signatures.jsonl || fail 'the file differs from stdout'
works chancery export --out signatures.jsonl --json
json exported 1145
works chancery export --out /dev/null
[[ -c /dev/null ]]
# Standard output stays the file that it is, with what stands in it.
echo 'a line' >shared
inode=$(stat -c %i shared)
works bash -c '"$0" export --out /dev/stdout >>shared' "$binary"
{ echo 'a line'; cat all.jsonl; } | cmp -s - shared \
  || fail '/dev/stdout was not written to where it stood'
[[ $(stat -c %i shared) == "$inode" ]] || fail '/dev/stdout was replaced'
works bash -c '"$0" export --out /proc/self/fd/7 7>seventh' "$binary"
cmp -s all.jsonl seventh || fail 'descriptor 7 was not written to'
works bash -c '"$0" keys export "$1" --public --out /dev/stdout >public' \
  "$binary" "$(head -1 ids)"
[[ $(head -1 public) == '-----BEGIN PUBLIC KEY-----' &&
  $(tail -1 public) == '-----END PUBLIC KEY-----' ]] \
  || fail 'there is something beside the key'
mkfifo pipe
cat pipe >through &
works chancery export --out pipe
wait $!
cmp -s all.jsonl through || fail 'the pipe was not written to'
longest=$(printf 'n%.0s' {1..255})
works chancery export --out "$longest"
cmp -s all.jsonl "$longest" || fail 'the file with the longest name differs'
rm "$longest"
fails chancery export --out .
fails chancery export --out missing/signatures.jsonl
misused chancery export --format der
misused chancery export --format xml
misused chancery export --tar signed.tar
misused chancery export --format der --tar signed.tar --out folder
works chancery export --format der --out folder
[[ $(find folder -name '*.sig' | wc -l) == 1145 ]] || fail 'expected 1145 files'
works chancery records get 7
cmp -s out folder/000/000007.bin || fail 'the exported record differs'
[[ -e folder/001/001144.sig ]] || fail 'record 1144 is not in its folder'
fails chancery export --format der --out folder
err_has 'not an empty folder'
! grep -q exporting err || fail 'it exported first'
mkdir this
works bash -c 'cd this && "$0" export --format der --out . --data ../data' \
  "$binary"
[[ $(find this -name '*.sig' | wc -l) == 1145 ]] || fail 'expected 1145 files'
[[ -z $(find . -name '.chancery-*') ]] || fail 'a temporary file is left over'

say 'a limit on the size of files (ulimit -f)'
limited() { # KILOBYTES ARGUMENTS...
  fails bash -c 'ulimit -f "$1" && exec "$0" "${@:2}"' "$binary" "$@"
  err_has '^chancery: .*File too large'
  [[ -z $(find . -name '.chancery-*') ]] || fail 'a temporary file is left over'
}
limited 100 export --out big.jsonl
limited 1 export --format der --out big
limited 1 audit --batches big.batches
limited 1 keys add 1
limited 1 init --data big.data --keys 1
limited 100 records seed --count 1000
[[ -z $(find . -name 'big*' ! -name big.data) ]] || fail 'a piece is left over'
works chancery init --data big.data --keys 1
works chancery audit
works chancery records count
out_is 1150

say 'a failing stdout is an error'
if [[ -e /dev/full ]]; then
  fails bash -c '"$0" export >/dev/full' "$binary"
  err_has 'No space left'
  fails bash -c '"$0" records count >/dev/full' "$binary"
  fails bash -c '"$0" records get 1 >/dev/full' "$binary"
fi

say 'verify finds a record that changed after signing'
works chancery init --data damaged --keys 2
seq -f 'this is record %g.' 0 999 >lines
works chancery records import lines --data damaged
works chancery sign --data damaged
works chancery audit --data damaged
LC_ALL=C sed -i 's/this is record 500\./this is record 555./' \
  damaged/records/data.mdb
works chancery records get 500 --data damaged
out_is 'this is record 555.'
fails chancery verify --data damaged
out_has '^999 signatures verify, 1 are wrong'
err_has 'record 500 is the first that is wrong'
fails chancery verify --data damaged --json
json wrong 1
json first_wrong 500
fails chancery audit --data damaged
out_has '^✗ one valid signature per record'
err_has '500'
works chancery audit --json
json passed true
