#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Import of records: every format and size, and interruption by kill and signal.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data
works chancery init --keys 1

say 'lines, byte for byte'
printf 'one\n\ntwo \r\n\tth\0ree\nlast' >lines
works chancery records import lines --json
json imported 5
json first 0
json records 5
get_is() { # ID TEXT, as printf understands it
  works chancery records get "$1"
  # shellcheck disable=SC2059
  printf "$2" | cmp -s - out || fail "record $1 is not $2"
}
get_is 0 'one'
get_is 1 ''
get_is 2 'two \r'
get_is 3 '\tth\0ree'
get_is 4 'last'
works bash -c 'printf "x\ny\n" | "$0" records import -' "$binary"
out_has 'imported 2 records; there are 7 now'
err_has 'the first record gets id 5'
: >empty
works chancery records import empty --json
json imported 0

say 'JSON lines'
printf '{"b": 1,\t"a":2.0}\n[]\n"\xc3\xa4"\n' >good.jsonl
works chancery records import good.jsonl --format jsonl
get_is 7 '{"b": 1,\t"a":2.0}'
printf '1\n2\n{"a":\n4\n' >bad.jsonl
fails chancery records import bad.jsonl --format jsonl
err_has 'line 3 is not JSON: it ends early; imported 2: go on with --skip 2 once'
err_has 'or leave it out with --skip 3$'
works chancery records count
out_is 12
works chancery records import bad.jsonl --format jsonl --skip 3
get_is 12 '4'
fails chancery records import bad.jsonl --format jsonl --json
json error '"line 3 is not JSON'

say 'JSON lines from Windows, with blank lines, byte for byte'
printf '{"x":1e400}\r\n\r\n\n \t\n"\\ud800"\r\n%0400d\r\n' 0 \
  | sed 's/0\{400\}/1&/' >crlf.jsonl
works chancery init --data crlf --keys 1
works chancery records import crlf.jsonl --format jsonl --data crlf
out_has '^imported 3 records and skipped 3 blank lines; there are 3 now$'
works chancery records get 1 --data crlf
printf '"\\ud800"\r' | cmp -s - out || fail 'the record is not the line'
works chancery records import crlf.jsonl --format jsonl --data crlf --skip 2 \
  --json
json imported 1
json blank_lines 3
printf '{"a":1}\0{}\n' >zero.jsonl
fails chancery records import zero.jsonl --format jsonl --data crlf
err_has 'line 1 is not JSON: a zero byte at byte 8'
works chancery records count --data crlf
out_is 4

say 'files of a folder'
mkdir -p folder/sub
printf 'bee' >folder/b
printf 'a\n' >folder/a
: >folder/c
works chancery records import folder --format files
out_has 'imported 3 records'
get_is 15 'a\n'
get_is 16 'bee'
get_is 17 ''
works chancery records import folder --format files --skip 2 --json
json imported 0
json existing 1
printf 'deep' >folder/sub/d
ln -s loop folder/loop
ln -s gone folder/dangling
works chancery records import folder --format files --json
json imported 1
json existing 3
get_is 18 'deep'
works chancery records get --name sub/d
out_is deep
printf 'changed' >folder/a
fails chancery records import folder --format files
err_has 'folder/a: the name "a" belongs to record 15, which has other bytes; imported 0: go on with --skip 0 once'
fails chancery records import folder
err_has 'add --format files'
fails chancery records import lines --format files
fails chancery records import missing
err_has 'cannot read missing: No such file'
misused chancery records import
misused chancery records import lines --format xml
misused chancery records import lines --name-field a
misused chancery records import lines --name-column a
misused chancery records import lines --format jsonl --name-column a
misused chancery records import lines --format csv --record-encoding hex
misused chancery records import lines --format csv --no-header
misused chancery records import lines --on-conflict report
misused chancery records import lines --on-conflict ask
misused chancery records import lines --report conflicts
misused chancery records get
misused chancery records get 1 --name a
misused chancery records signature
misused chancery records import lines --skip -1
fails chancery records import lines --skip 6
err_has 'the input has only 5 records'

say 'a table of one'"'"'s own, with names'
works chancery init --data named --keys 2
export CHANCERY_DATA=named
printf 'number,body\r\nINV-1,"{""total"":1}"\r\nINV-2,"two\r\nlines"\r\n\r\n' \
  >invoices.csv
works chancery records import invoices.csv --format csv --name-column number \
  --record-column body
out_has '^imported 2 records and skipped 1 blank line; there are 2 now$'
works chancery records get --name INV-1
out_is '{"total":1}'
works chancery records get 1 --json
json name '"INV-2"'
json signed false
fails chancery records signature --name INV-1
err_has 'record 0 is not signed yet'
works chancery sign
works chancery records signature --name INV-2 --der
cp out two.sig
works chancery records get --name INV-2
cp out two
works chancery records signature --name INV-2
key=$(text key)
works chancery keys export "$key" --public --out two.pem
works openssl dgst -sha256 -verify two.pem -signature two.sig two
fails chancery records get --name INV-3
err_has 'named has no record of the name "INV-3"'
fails chancery records signature 2
err_has 'there is no record 2'

cp invoices.csv plain.csv
works chancery init --data plain --keys 1
works chancery records import plain.csv --data plain
err_has 'each line becomes a record, the header, too: .* add --format csv$'
works chancery records import plain.csv --data plain --format lines
! grep -q 'header' err || fail 'it warns of what was asked for'

say 'the same again, with rows that are new, taken and wrong'
cat >more.csv <<'END'
number,body
INV-1,"{""total"":1}"
INV-2,other
INV-3,
INV-4,four
"INV-5",it is "wrong"
END
import=(chancery records import more.csv --format csv --name-column number \
  --record-column body)
fails "${import[@]}"
err_has 'line 3: the name "INV-2" belongs to record 1, which has other bytes; '
err_has 'imported 0: go on with --skip 1 once it is corrected, or leave it out'
fails "${import[@]}" --on-conflict skip
err_has 'line 4 has no value in column body'
err_has 'imported 0: go on with --skip 2 once'
expect 3 "${import[@]}" --on-conflict report --report conflicts --on-error skip
out_has '^imported 1 records, 1 was there already, 1 was left out, as its name '
out_has 'is taken, 2 were left out as wrong; there are 3 now$'
err_has '^chancery: left out: line 6 has a quote within a field'
cp conflicts out
out_is '{"place":"line 3","name":"INV-2","record":1}'
expect 3 "${import[@]}" --on-conflict skip --on-error skip --json
json imported 0
json existing 2
json conflicts 1
json errors 2
json records 3

say 'a table as PostgreSQL writes it, of bytes'
printf 'n\tb\nA\t\\\\x00ff\nB\t\\N\n' >bytes.tsv
expect 3 chancery records import bytes.tsv --format tsv --name-column n \
  --record-column b --record-encoding hex --on-error skip
works chancery records get --name A
printf '\0\377' | cmp -s - out || fail 'the bytes are others'
printf 'C\tYWI=\n' >base64.tsv
works chancery records import base64.tsv --format tsv --no-header \
  --name-column 1 --record-column 2 --record-encoding base64
works chancery records get --name C
out_is ab
fails chancery records import base64.tsv --format tsv --name-column C1
err_has 'there is no column "C1": there are C, YWI='

say 'JSON lines with names'
printf '{"n":"\\u00e4","v":1}\n{"n":17}\n' >names.jsonl
works chancery records import names.jsonl --format jsonl --name-field n
works chancery records get --name 17
out_is '{"n":17}'
works chancery records get --name $'\xc3\xa4' --json
json name $'"\xc3\xa4"'
printf '{"v":1}\n' >names.jsonl
fails chancery records import names.jsonl --format jsonl --name-field n
err_has 'line 1 has no member "n"'
works chancery audit --json
json names 7
out_has '"rule":"names_agree"'
out_has 'names are not signed'
fails chancery audit --name-field n
err_has 'record 0 has no member "n"'
works chancery init --data members --keys 2
printf '{"n":"a"}\n{"n":2}\n' >names.jsonl
works chancery records import names.jsonl --format jsonl --name-field n \
  --data members
works chancery audit --name-field n --data members
out_has 'is what the record says'
! grep -q 'names are not signed' out || fail 'it has checked the names'
export CHANCERY_DATA=data

if command -v sqlite3 >/dev/null; then
  say 'a table of SQLite'
  works chancery init --data lite --keys 2
  sqlite3 lite.db "create table invoices(number text primary key, body blob);
    insert into invoices values ('L-1', 'plain'), ('L-2', 'with \"quotes\",
      commas and lines'), ('L-3', '')"
  sqlite3 -csv -header lite.db 'select number, body from invoices' >lite.csv
  works chancery records import lite.csv --format csv --name-column number \
    --record-column body --data lite --json
  json imported 3
  works chancery records get --name L-2 --data lite
  [[ $(<out) == "$(sqlite3 lite.db "select body from invoices
    where number = 'L-2'")" ]] || fail 'the record is not the body'
  sqlite3 -csv -header lite.db 'select number, hex(body) as body from invoices' \
    >lite.csv
  works chancery records import lite.csv --format csv --name-column number \
    --record-column body --record-encoding hex --data lite --json
  json existing 3
fi

say 'a file with the name of a command'
cp lines sign
works chancery records import sign
cp lines count
works chancery records import count

say 'records of 0 bytes, 1 MiB, the maximum size and above'
works chancery init --data sizes --keys 1
export CHANCERY_DATA=sizes
mkdir sizes_in
: >sizes_in/a
head -c 1048576 /dev/zero >sizes_in/b
head -c 16777216 /dev/zero >sizes_in/c
head -c 16777217 /dev/zero >sizes_in/d
echo after >sizes_in/e
fails chancery records import sizes_in --format files
err_has 'sizes_in/d is longer than 16777216 bytes.*imported 3: go on with'
works chancery records import sizes_in --format files --skip 4
works chancery records get 2
[[ $(wc -c <out) == 16777216 ]] || fail 'record 2 is not whole'
tr '\0' 'x' <sizes_in/d >long_line
fails chancery records import long_line
err_has 'line 1 is longer than 16777216 bytes'
misused chancery records seed --count 1 --size 16777217
works chancery records seed --count 1 --size 1048576
works chancery sign
works chancery verify
works chancery audit
fails chancery records get 5
err_has 'there is no record 5'
misused chancery records get -1
misused chancery records get abc

say 'an import of many lines, killed and continued'
works chancery init --data killed --keys 1
export CHANCERY_DATA=killed
seq 120000 >many
for delay in 0.15 0.3 0.45; do
  have=$(chancery records count)
  "$binary" records import many --skip "$have" >/dev/null 2>&1 &
  sleep "$delay"
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
done
typed='an import that is killed' code=0
have=$(chancery records count)
[[ $((have % 10000)) == 0 ]] \
  || fail "$have records are not a whole number of commits"
if ((have < 120000)); then
  works chancery records import many --skip "$have"
fi
works chancery records count
out_is 120000
for id in 0 9999 10000 55555 119999; do
  get_is "$id" "$((id + 1))"
done

say 'an import interrupted while it waits for input'
mkfifo pipe
(seq 25000; exec sleep 20) >pipe &
feeder=$!
"$binary" records import - <pipe >out 2>err &
import=$!
sleep 1.5
kill -INT "$import"
code=0 typed='an import that is interrupted'
wait "$import" || code=$?
kill "$feeder"
[[ $code == 1 ]] || fail 'expected exit code 1'
err_has 'stopped; imported 25000: go on with --skip 25000'
works chancery records count
out_is 145000
