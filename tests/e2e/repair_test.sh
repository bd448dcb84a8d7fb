#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Wrong signatures are listed, withdrawn and made again; a folder of an older
# format is read, and upgraded before it is written.
# repair_test.sh BINARY DAMAGE
# CHANCERY_DELAYS="0.05 0.1 0.2 0.4 0.8" kills a withdrawal, and an upgrade,
# after each of these delays, in seconds.

# shellcheck source=expect.sh
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
damage_tool=$(realpath "$2")

damage() { "$damage_tool" "$@"; }

# killed_after SECONDS ARGUMENTS...: kills the command unless it ended before.
killed_after() {
  { timeout -s KILL "$1" "$binary" "${@:2}" >out; } 2>err || true
}

export CHANCERY_DATA=data

# exported FILE: every signature, verified or not.
exported() { works chancery export --no-verify --out "$1"; }

say 'a signed folder has nothing to repair'
works chancery init --keys 3
works chancery records seed --count 1000
works chancery sign --batch-size 100
works chancery repair
out_has '^0 of 1,000 signatures do not verify'
out_has '^Nothing has been done'
no_err
works chancery repair --json
json wrong 0
json signatures '[]'
exported before.jsonl
works chancery export --out verified.jsonl
out_has 'exported 1,000 signatures, which verify'
cmp -s before.jsonl verified.jsonl || fail 'verifying changes the export'

say 'one wrong signature is listed'
damage flip data/records 537
fails chancery repair
out_has '^record 537: it does not verify under key .* of batch 500; epoch 1'
out_has "signed by the data folder's host"
out_has '^1 of 1,000 signatures do not verify'
out_has 'this cannot know'
out_has '^Nothing has been done'
fails chancery repair --json
json wrong 1
json record 537
json batch '{"first":500,"count":100}'
json epoch 1
json worker null
json changed false
out_has '"cannot_know":"A signature may have been wrong'
fails chancery verify
fails chancery audit
cp -r data damaged

say 'an export of it ends, and leaves nothing'
exported damaged.jsonl
fails chancery export --out signatures.jsonl
err_has 'the signature of record 537 is wrong'
err_has 'chancery repair'
fails chancery export --format csv --out signatures.csv
fails chancery export --format der --out folder
fails chancery export --format der --tar signed.tar
for file in signatures.jsonl signatures.csv folder signed.tar; do
  [[ ! -e $file ]] || fail "$file is left"
done
[[ -z $(find . -name '.chancery-*') ]] || fail 'a temporary file is left over'
fails chancery export --format der --tar -
! grep -qa 000537.bin out || fail 'the wrong signature is on stdout'
works chancery export --after 537
fails chancery export
! grep -q '"record":537,' out || fail 'the wrong signature is on stdout'
works chancery export --no-verify --out signatures.jsonl --json
json exported 1000
json verified false
works chancery export --no-verify
err_has 'none of the exported signatures was verified'

say 'what cannot be withdrawn is refused'
misused chancery repair --withdraw 537
err_has '--because'
misused chancery repair --because 'without ids'
misused chancery repair --withdraw 537 --because ''
misused chancery repair --withdraw 5-3 --because test
err_has 'not a list of record ids'
misused chancery repair --withdraw x --because test
fails chancery repair --withdraw 536 --because test
err_has 'nothing was withdrawn; of the records, 1 verify and stay'
fails chancery repair --withdraw 1000 --because test
err_has 'there is no record 1000'
echo wrong >wrong
fails chancery repair --withdraw 537 --because test --passphrase-file wrong
err_has 'passphrase'
exec 9>data/lock
if flock -n 9; then
  fails chancery repair --withdraw 537 --because test
  err_has 'data'
  fails chancery repair --json --threads 1 # the list needs no lock
  json wrong 1
fi
exec 9>&-
exported now.jsonl
cmp -s damaged.jsonl now.jsonl || fail 'a refused withdrawal changed something'

say 'a withdrawal that is killed happened, or did not'
for delay in ${CHANCERY_DELAYS:-0.1 0.3 0.8}; do
  rm -rf killed
  cp -r damaged killed
  killed_after "$delay" repair --data killed --withdraw 537 --because killed
  if "$binary" verify --data killed >/dev/null 2>&1; then
    works chancery audit --data killed --json
    json withdrawn 1
  else
    works chancery repair --data killed --withdraw 537 --because again
  fi
  works chancery audit --data killed
done

say 'the wrong one is withdrawn, all others stay'
works chancery repair --withdraw 500-599 --because 'a bit was flipped' --json
json withdrawn 1
json batches 1
json verified 99
json changed true
err_has 'of the other records, 99 verify and stay'
works chancery verify --json
json unsigned 1
json wrong 0
works chancery audit --json
json passed true
json withdrawn 1
json signatures 999
out_has 'whether a withdrawn signature verifies over other bytes'
works chancery audit
out_has '^1 signatures were withdrawn'
out_has '^✓ one valid signature per record is ever stored'
works chancery status
out_has '^Withdrawn 1 signatures'
works chancery status --json
json withdrawn 1
json left 1
fails chancery repair --withdraw 537 --because again
err_has 'nothing was withdrawn; of the records, 1 are not signed'

say 'the next sign signs that record alone'
works chancery sign --json
json signed 1
works chancery sign
works chancery verify --json
json verified 1000
works chancery audit
works chancery repair
exported after.jsonl
signatures() {
  grep -v '"record":537,' "$1" \
    | sed 's/"batch":{"first":[0-9]*,"count":[0-9]*,/{/'
}
cmp -s <(signatures before.jsonl) <(signatures after.jsonl) \
  || fail 'another signature changed'
cmp -s before.jsonl after.jsonl && fail 'the signature was not made again'

say 'a folder of an older format is read, and not written'
works chancery init --data old --keys 2
works chancery records seed --count 50 --data old
works chancery sign --batch-size 20 --data old
works chancery records seed --count 5 --data old
damage format old/records 1
for command in verify audit export status repair 'records count'; do
  # shellcheck disable=SC2086 # words of the command
  works chancery $command --data old
done
works chancery status --data old
out_has "^Format    1, older than this chancery's 5: .chancery upgrade"
for command in sign 'records seed --count 1' \
  'repair --withdraw 1 --because test'; do
  # shellcheck disable=SC2086 # words of the command
  fails chancery $command --data old
  err_has 'has format 1, .*: run .chancery upgrade.'
done

say 'an upgrade says what it does'
works chancery upgrade --dry-run --data old
out_has 'has format 1; .* is 5. The upgrade:'
out_has 'format 1 to 2: adds an empty table'
out_has 'format 2 to 3: keys that are lent or returned together'
out_has 'format 3 to 4: adds empty tables for the names'
out_has 'format 4 to 5: adds empty tables for the certificates'
out_has 'make a copy of the folder first'
out_has '^nothing has been done'
works chancery upgrade --dry-run --data old --json
json from 1
json to 5
json upgraded false
err_has 'make a copy'
fails chancery sign --data old
for delay in ${CHANCERY_DELAYS:-0.05 0.1 0.2}; do
  rm -rf killed
  cp -r old killed
  killed_after "$delay" upgrade --data killed
  works chancery audit --data killed
  works chancery upgrade --data killed
  works chancery sign --data killed
  works chancery audit --data killed
done
works chancery upgrade --data old
out_has '^upgraded old from format 1 to 5'
works chancery upgrade --data old
out_has 'there is nothing to upgrade'
works chancery upgrade --data old --json
json upgraded false
works chancery sign --data old
works chancery audit --data old
damage flip old/records 3
works chancery repair --withdraw 3 --because 'after the upgrade' --data old
works chancery sign --data old
works chancery audit --data old

say 'a newer format is refused by all'
damage format old/records 255
for command in verify sign upgrade 'upgrade --dry-run' repair status; do
  # shellcheck disable=SC2086 # words of the command
  fails chancery $command --data old
  err_has 'newer chancery'
done

say done
