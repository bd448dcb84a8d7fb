#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Exports that take a part: what is new since the last run, what comes behind an
# id; and CSV, read back by a database.
# export_test.sh BINARY DAMAGE
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
damage_tool=$(realpath "$2")
export CHANCERY_DATA=data

# ids: of the exported lines in ./out, as one line.
ids() { grep -oP '^\{"record":\K[0-9]+' out | tr '\n' ' '; }
ids_are() { [[ $(ids) == "$1" ]] || fail "the records are not: $1"; }
state_is() { cmp -s "$1" state || fail "the state changed: $(<state)"; }
no_temporary() {
  [[ -z $(find . -name '.chancery-*') ]] || fail 'a temporary file is left over'
}

say 'records with ids above one'
works chancery init --keys 2
works chancery records seed --count 10
works chancery sign --batch-size 4
works chancery export --after 6
ids_are '7 8 9 '
works chancery export --after 9
out_is ''

say 'what is new since the last run'
works chancery export --state state
ids_are '0 1 2 3 4 5 6 7 8 9 '
cp state first
works chancery export --state state
out_is ''
state_is first
works chancery export --format csv --state state
out_is 'name,record,key,alg,signature,time'
works chancery export --state state --again
ids_are '0 1 2 3 4 5 6 7 8 9 '
works chancery records seed --count 3
works chancery sign
works chancery export --state state
ids_are '10 11 12 '
cp state second
works chancery export --state state --again --out again.jsonl --json
json exported 3
json replaced 0
json next 13
state_is second

say 'a run that fails leaves the state'
cp first state
if [[ -e /dev/full ]]; then
  fails bash -c '"$0" export --state state >/dev/full' "$binary"
  err_has 'No space left'
  state_is first
fi
fails chancery export --state state --out missing/signatures.jsonl
state_is first
fails bash -c 'ulimit -f 1 && exec "$0" export --state state --again --out big' \
  "$binary"
err_has 'File too large'
state_is first
mkfifo pipe
"$binary" export --state state --again --out pipe >out 2>err &
running=$!
: <pipe # closes it; what is written to it then fails
code=0 typed='an export into a closed pipe'
wait "$running" || code=$?
((code == 128 + 13)) || fail 'expected SIGPIPE'
state_is first
fails chancery export --state missing/state
no_temporary

say 'a signature that was withdrawn comes again once it is made'
"$damage_tool" flip data/records 3 5
works chancery repair --withdraw 3,5 --because 'a bit was flipped'
works chancery export --state state
ids_are '10 11 12 '
works chancery sign
works chancery export --state state
ids_are '3 5 '
[[ $(grep -c '"replaces":true}$' out) == 2 ]] || fail 'they replace nothing'
works chancery export --state state
out_is ''
works chancery export --state state --again --format csv
[[ $(wc -l <out) == 3 ]] || fail 'expected a header and two rows'

say 'states that are refused'
works chancery init --data other --keys 1
fails chancery export --data other --state state
err_has 'state is the state of another data folder'
head -c 40 state >torn
fails chancery export --state torn
err_has 'torn is not the state of an export, or is damaged'
: >empty
fails chancery export --state empty
sed 's/"next":13/"next":14/' state >ahead
fails chancery export --state ahead
err_has 'ahead is ahead of the data folder'
fails chancery export --state new --again
err_has 'no run to repeat'
[[ ! -e new ]] || fail 'a refused run wrote its state'
misused chancery export --again
misused chancery export --state state --after 3
misused chancery export --state state --name x
misused chancery export --state state --names x
misused chancery export --name x --names y
misused chancery export --after 1 --name x
misused chancery export --state state --out state
misused chancery export --after x

say 'names that no record has'
fails chancery export --name '2026-118'
err_has 'no record has the name "2026-118"'
echo '2026-118' >names
fails chancery export --names names --out named.jsonl
err_has 'no record has the name "2026-118" \(line 1 of names\)'
[[ ! -e named.jsonl ]] || fail 'a file is left'
fails bash -c 'echo x | "$0" export --names -' "$binary"
err_has 'line 1 of the input'
no_temporary

say 'CSV has what the lines have'
works chancery export --out all.jsonl
works chancery export --format csv --out all.csv
out_has 'exported 13 signatures'
[[ $(head -1 all.csv) == name,record,key,alg,signature,time ]] \
  || fail 'the header differs'
if command -v sqlite3 >/dev/null && command -v jq >/dev/null; then
  works sqlite3 -json :memory: '.import --csv all.csv s' \
    'SELECT CAST(record AS INTEGER) AS record, key, alg, signature, time FROM s'
  cmp -s <(jq -c '.[]' out) \
    <(jq -c '{record, key, alg, signature, time}' all.jsonl) \
    || fail 'a database reads other values'
else
  skipped 'sqlite3 or jq is missing'
fi

say done
