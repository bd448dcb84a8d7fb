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
misused chancery export --state ''
misused chancery export --names ''
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

say 'DER in folders of a thousand, and the same as an archive'
works chancery records seed --count 1000
works chancery sign --batch-size 90
works chancery export --format der --out folder
out_has 'exported 1,013 signatures, which verify, to folder'
[[ $(ls folder/001 | wc -l) == 26 && $(ls folder/000 | wc -l) == 2000 ]] \
  || fail 'the folders hold other records'
[[ $(wc -l <folder/index.tsv) == 1013 ]] || fail 'the index lacks records'
grep -qP '^001/001012\tkey-[A-Za-z0-9_-]{43}\.pem\t1012\t$' folder/index.tsv \
  || fail 'the index has other columns'
works chancery export --format der --tar signed.tar --json
json exported 1013
json out '"signed.tar"'
works chancery export --format der --tar -
cmp -s out signed.tar || fail 'the file differs from stdout'
mkdir unpacked
tar x --warning=all -f signed.tar -C unpacked 2>err || fail 'tar refuses it'
no_err
diff -r folder unpacked >out || fail 'the archive has other files'
tar tf signed.tar >listed
[[ $(head -3 listed | tr '\n' ' ') =~ ^000/000000.bin\ 000/000000.sig\ key- ]] \
  || fail 'the archive has another order'
[[ $(tail -1 listed) == index.tsv ]] || fail 'the index is not at the end'
signed_at=$(date -d "$(tail -1 all.jsonl | grep -oP '"time":"\K[^"]+')" +%s)
[[ $(stat -c %Y unpacked/000/000012.bin) == "$signed_at" ]] \
  || fail 'a file does not have the time of its signature'
if [[ -e /dev/full ]]; then
  fails chancery export --format der --tar /dev/full --state state
  err_has 'No space left'
fi
fails bash -c 'ulimit -f 100 && exec "$0" export --format der --tar big.tar' \
  "$binary"
err_has 'File too large'
[[ ! -e big.tar ]] || fail 'a piece of an archive is left'
no_temporary

say 'parts of it'
works chancery export --format der --tar new.tar --state state --json
json exported 1000
json next 1013
[[ $(tar tf new.tar | grep -c '\.sig$') == 1000 ]] || fail 'not what is new'
works chancery export --format der --tar none.tar --state state
[[ $(tar tf none.tar) == index.tsv ]] || fail 'there is more than an empty index'
works chancery export --format der --out last --after 1010
[[ $(cd last && find . -type f -name '*.bin' | sort | tr '\n' ' ') \
  == './001/001011.bin ./001/001012.bin ' ]] || fail 'not the last two records'
misused chancery export --tar x.tar
misused chancery export --format der
misused chancery export --format der --tar state --state state

say 'a run that is stopped leaves nothing, and its state'
cp state before
mkfifo slow
"$binary" export --format der --tar slow --state state --again >out 2>err &
running=$!
exec 6<slow # nobody reads, so that it waits
told_to_end "$running"
sleep 0.2
kill -TERM "$running" 2>/dev/null || true
code=0 typed='an export that is stopped'
wait "$running" || code=$?
exec 6<&-
((code != 0)) || fail 'it ended as if it were whole'
state_is before
no_temporary

say 'names in every format'
cat >named.jsonl <<'END'
{"n":"2026-118"}
{"n":"Smith, John"}
{"n":"a 12\" pipe"}
{"n":"\"quoted\", \\ and #"}
{"n":"Zoë – ₂"}
END
works chancery init --data named --keys 1
works chancery records import named.jsonl --format jsonl --name-field n \
  --data named
works chancery records seed --count 1 --data named
works chancery sign --data named
export CHANCERY_DATA=named
works chancery export --out lines
works chancery export --format csv --out table.csv
works chancery export --format der --out by_name
out_has 'exported 6 signatures'
[[ $(tail -1 table.csv) =~ ^,5, ]] || fail 'a name is made up'
! tail -1 lines | grep -q '"name"' || fail 'a name is made up'
if command -v jq >/dev/null; then
  jq -r .n named.jsonl >names
  cmp -s names <(jq -r '.name // empty' lines) || fail 'lines: other names'
  cmp -s names <(head -5 by_name/index.tsv | cut -f 4) \
    || fail 'the index has other names'
  if command -v sqlite3 >/dev/null; then
    works sqlite3 :memory: '.import --csv table.csv s' \
      "SELECT name FROM s WHERE name <> '' ORDER BY CAST(record AS INTEGER)"
    cmp -s names out || fail 'a database reads other names'
  fi
  tac names >reversed
  works chancery export --names reversed
  cmp -s out <(head -5 lines) || fail 'not the records with names'
fi
works chancery export --name 'Smith, John'
cmp -s out <(sed -n 2p lines) || fail 'another record'
works chancery export --format der --tar john.tar --name 'Smith, John'
[[ $(tar tf john.tar | head -1) == 000/000001.bin ]] || fail 'another record'

say done
