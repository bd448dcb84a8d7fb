#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Garbage at POST /v1/records: whatever is sent, with whatever type, is refused
# as a problem document, nothing is stored, and the server serves on. The seed
# of the random octets is printed; pass it as the second argument.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source "$here/serving.sh"
source "$here/posting.sh"
seed=${2:-$((RANDOM * 32768 + RANDOM))}
RANDOM=$seed
echo "seed $seed"
types=("$octets" application/json "$lines")
json_types=(application/json "$lines")

# refused STATUS TYPE FILE [PATH]: with a problem document. STATUS may be 4..
refused() {
  local path=${4:-/v1/records}
  typed="post $3 as $2 to $path"
  code=$(curl -sS -D head -o out -w '%{http_code}' -H "Content-Type: $2" \
    -H 'Expect:' --data-binary "@$3" "$url$path" 2>err) || fail 'curl failed'
  [[ $code =~ ^$1$ ]] || fail "not refused with $1"
  grep -qi '^Content-Type: application/problem+json' head || fail 'no problem'
  [[ $(grep -oP '"status":\K[0-9]+' out) == "$code" ]] || fail 'another status'
  out_has '"code":"[a-z_]+"'
  out_has '"request_id":'
}

# as_json STATUS FILE: as one record and as a line.
as_json() {
  local type
  for type in "${json_types[@]}"; do
    refused "$1" "$type" "$2"
  done
}

random_octets() { # COUNT
  local i
  for ((i = 0; i < $1; ++i)); do
    printf '%b' "\\x$(printf %x $((RANDOM % 256)))"
  done
}

works chancery init --keys 2
serves

say 'no body, no type, and wrong ones'
: >empty
for type in "${types[@]}"; do
  refused 400 "$type" empty
done
echo '{"text":"a"}' >good
for type in text/plain application/xml application/jose text/html \
  multipart/form-data application/x-www-form-urlencoded 'application/' \
  'application/jsonx' '*/*' nonsense; do
  refused 415 "$type" good
done
asks 415 /v1/records -H 'Content-Type:' --data-binary @good
asks 415 /v1/records -H "Content-Type: $octets" -H 'Content-Encoding: gzip' \
  --data-binary @good
asks 415 /v1/records -H "Content-Type: $octets" --data-binary @good \
  -H 'Content-Type: application/json'

say 'what is no JSON'
for n in {1..12}; do
  random_octets $((n * n)) >garbage
  as_json '4[0-9]{2}' garbage
done
text='{"name":"INV-17","text":"an invoice","data":"AAAA"}'
for ((n = 1; n < ${#text}; n += 3)); do
  printf '%s' "${text:0:n}" >garbage
  as_json '4[0-9]{2}' garbage
done
# sent BODY: with the escapes of printf.
sent() {
  printf '%b' "$1" >garbage
  as_json '4[0-9]{2}' garbage
}
sent '{"text":"\xff\xfe"}'
sent '{"text":"\xc0\xaf"}'
sent '{"text":"\xed\xa0\x80"}'
sent '{"name":"a\xcc","text":"a"}'
sent '\xef\xbb\xbf{"text":"a"}'
sent '\x00'
sent '{"text":"a"}\x00'
sent '{"te\x00xt":"a"}'
sent '{"text":"a\x00b"}'
sent '{"text":"a"}{"text":"b"}'
sent '{"text":"a"} x'
sent '{"text":"a",}'
sent '{text:"a"}'
sent "{'text':'a'}"
sent '{"text":"a\\ud800"}'
sent '{"text":NaN}'
sent '\n'
sent '\n\n\n'
sent '\r\n'

say 'JSON that is no record'
for body in null true 1 -0 1e999 '"text"' '[]' '[{"text":"a"}]' '{}' \
  '{"text":1}' '{"text":null}' '{"data":1}' '{"text":["a"]}' \
  '{"text":"a","data":"YQ"}' '{"name":"a"}' '{"name":1,"text":"a"}' \
  '{"name":"","text":"a"}' '{"name":" a","text":"a"}' \
  '{"text":"a","text":"a"}' '{"text":"a","te\\u0078t":"b"}' \
  '{"data":"YQ=="}' '{"data":"Y"}' '{"data":"a b"}' '{"data":"+/"}' \
  '{"text":"a","id":7}' '{"Text":"a"}' '{"text":"a","":1}' \
  '{"name":"a\\u0000b","text":"a"}' '{"name":"a\\u202eb","text":"a"}' \
  '{"name":"a\\u200bb","text":"a"}' \
  "{\"n\":$(printf '9%.0s' {1..400}),\"text\":\"a\"}" \
  "{\"text\":1e$(printf '9%.0s' {1..400})}"; do
  printf '%s' "$body" | sed 's/\\\\/\\/g' >garbage
  as_json '4[0-9]{2}' garbage
done
for open in '[' '{"text":' '{"text":[' '[{"a":'; do
  for depth in 10 2000 200000; do
    head -c "$((depth * ${#open}))" < <(yes "$open" | tr -d '\n') >garbage
    as_json '4[0-9]{2}' garbage
  done
done
{
  head -c 100000 < <(yes '[' | tr -d '\n')
  head -c 100000 < <(yes ']' | tr -d '\n')
} >garbage
as_json '4[0-9]{2}' garbage

say 'names and parameters'
long=$(head -c 256 /dev/zero | tr '\0' n)
for path in '?name=' "?name=$long" '?name=%00' '?name=a%20' '?name=%FF' \
  '?name=%E2%80%AE' '?name=a%0Ab' '?wait=31' '?wait=-1' '?wait=x' '?wait=1e1' \
  '?unknown=1' '?on_error=skip' '?name=a&name=b' '?wait=1&wait=1' '?name=%zz'; do
  refused 400 "$octets" good "/v1/records$path"
done
refused 400 application/json good '/v1/records?name=a'
refused 400 "$lines" good '/v1/records?on_error=maybe'
for key in short "$(printf 'k%.0s' {1..256})" 'with blanks in it' '"open-quote'; do
  asks 400 /v1/records -H "Content-Type: $octets" -H "Idempotency-Key: $key" \
    --data-binary @good
done
asks 400 /v1/records -H "Content-Type: $octets" -H 'Idempotency-Key: key-number-1' \
  -H 'Idempotency-Key: key-number-2' --data-binary @good

say 'too many, and too much'
makes_lines 10001 'line' >many
refused 413 "$lines" many
head -c 10001 /dev/zero | tr '\0' '\n' >many
refused 413 "$lines" many
{
  makes_lines 50 'line'
  echo '{"text":'
  makes_lines 50 'more'
} >many
refused 422 "$lines" many
out_has '"line":51'
printf '{"name":"same","text":"a"}\n{"name":"same","text":"b"}\n' >many
refused 422 "$lines" many
head -c $((17 << 20)) /dev/urandom >large
for type in "${types[@]}"; do
  refused '4[0-9]{2}' "$type" large
done
{
  printf '{"text":"'
  head -c $((17 << 20)) /dev/zero | tr '\0' a
  printf '"}'
} >large
as_json 4.. large
head -c $((33 << 20)) /dev/zero >large
for type in "${types[@]}"; do
  refused 413 "$type" large
done

say 'nothing is stored, and it serves on'
stored 0
asks 200 /livez
! grep -q ' 500 ' server.err || fail 'a request was not expected'
posts 201 application/json good '/v1/records?wait=30'
stored 1
all_signed
ends
passes_audit
json records 1

say done
