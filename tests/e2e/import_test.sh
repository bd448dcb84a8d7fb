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
json imported 1
ln -s loop folder/loop
ln -s gone folder/dangling
works chancery records import folder --format files --skip 2 --json
json imported 1
fails chancery records import folder
err_has 'add --format files'
fails chancery records import lines --format files
fails chancery records import missing
err_has 'cannot read missing: No such file'
misused chancery records import
misused chancery records import lines --format csv
misused chancery records import lines --skip -1
fails chancery records import lines --skip 6
err_has 'the input has only 5 records'

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
