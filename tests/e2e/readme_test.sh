#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The code blocks of README.md on the ledger and on HTTP, typed as they stand, but
# for the port: both beginnings, curl for every route, and the clients in
# JavaScript and Python.
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
source "$root/tests/e2e/serving.sh"

# For the block: a refused request ends it. An answer that has no end is left
# once it has begun.
curl() {
  if [[ $1 != -N ]]; then
    command curl -sS --fail-with-body "$@"
    return
  fi
  command curl -sS "$@" >begun &
  for _ in {1..600}; do
    ! grep -q '^retry: ' begun || break
    sleep 0.1
  done
  kill $!
  grep '^retry: ' begun
}

# block LANGUAGE: the one code block of README.md in this language.
block() {
  awk -v fence="\`\`\`$1" '
    $0 == fence { inside = 1; ++blocks; next }
    /^```$/ { inside = 0 }
    inside
    END { if (blocks != 1) exit 1 }' "$root/README.md" \
    || fail "README.md has not one block of $1"
}

# lines WORDS: the one indented block of README.md that has these words.
lines() {
  awk -v words="$1" '
    /^    / { block = block substr($0, 5) "\n"; next }
    { if (index(block, words)) { printf "%s", block; ++blocks }; block = "" }
    END { if (blocks != 1) exit 1 }' "$root/README.md" \
    || fail "README.md has not one block with $1"
}

# types FILE: each of its lines, until one fails. The output is in out and err.
types() {
  code=0
  bash -euxo pipefail "$1" >out 2>err || code=$?
  ((code == 0)) || fail 'a line of README.md fails'
}

export binary
export -f curl chancery

say 'the ten minutes with a ledger, and the same over HTTP'
mkdir beginning
cd beginning
typed='the lines of README.md on the ledger'
lines 'chancery node --stdin' >ledger.sh
types ./ledger.sh
typed='the lines of README.md on HTTP'
serves
lines '{"invoice":8,' | sed "s|http://127.0.0.1:8080|$url|" >http.sh
sed -i '/^chancery serve &/d' http.sh
types ./http.sh
grep -q '"index":1' out || fail 'the message is not the second one'
ends
cd ..

say 'a table of invoices'
mkdir table
cd table
typed='the lines of README.md on a table'
lines 'cat >invoices.csv' >table.sh
types ./table.sh
out_has '^imported 2 records; there are 2 now$'
out_has '^Verified OK$'

say 'a sealed invoice'
typed='the lines of README.md on seals'
lines 'chancery init --purpose seal' >seals.sh
types ./seals.sh
out_has '^seal.jws: valid$'
out_has '^the seal is good$'
if command -v jose >/dev/null; then
  sed -n "s/^#  *\(echo '{\|jose jws\)/\1/p" for-customer/VERIFY.txt >jose.sh
  [[ $(wc -l <jose.sh) == 2 ]] || fail 'VERIFY.txt has not two lines for jose'
  (cd for-customer && bash -eu ../jose.sh) || fail 'jose does not verify the seal'
else
  say 'skipped: jose is not installed'
fi

say 'the same as a service'
typed='the lines of README.md on a service'
lines 'chancery serve --max-wait 100 &' >service.sh
grep -q '^chancery serve --max-wait 100 &$' service.sh || fail 'it starts none'
serves --max-wait 100
sed -i "s|http://127.0.0.1:8080|$url|; /^chancery serve/d" service.sh
types ./service.sh
out_has '^{"id":2,"name":"INV-3",.*"signed":true,"signature":{'
out_has '{"record":0,"name":"INV-1",'
out_has '^{"record":2,"name":"INV-3",'
ends

if command -v sqlite3 >/dev/null; then
  say 'a table of SQLite, twice'
  sqlite3 invoices.db 'create table rows(number, body)' \
    '.import --csv --skip 1 invoices.csv rows' \
    'create table invoices(number primary key, body, sealed, sealed_by)' \
    'insert into invoices(number, body) select number, body from rows'
  typed='the lines of README.md on SQLite'
  lines 'sqlite3 -csv -header invoices.db' >sqlite.sh
  types ./sqlite.sh
  out_has '^imported 0 records, 2 were there already; there are 3 now$'
  sealed() {
    sqlite3 invoices.db "select sealed from invoices where number = '$1'"
  }
  works chancery records signature --name INV-2
  [[ $(sealed INV-2) == "$(text signature)" ]] || fail 'the signature differs'
  sqlite3 invoices.db "insert into invoices(number, body) values ('N', '')"
  types ./sqlite.sh
  out_has '^imported 1 records; there are 4 now$'
  works chancery records signature --name N
  [[ $(sealed N) == "$(text signature)" ]] || fail 'the signature differs'
else
  skipped 'sqlite3 is missing'
fi
cd ..

say 'a service with records, a client and two blocks'
typed='the preparations'
works chancery init --keys 2
for i in {1..3}; do echo "{\"number\":\"INV-$i\"}"; done >records.jsonl
works chancery records import records.jsonl --format jsonl --name-field number
works chancery sign
serves --block-size 2 --log-format json
curl "$url/v1/node" | grep -oP '"keys":"\K[^"]+' >node.keys
works chancery client init --node-keys node.keys

sent() {
  local body=$1 type=$2
  curl -H "Content-Type: application/jose" --data-binary "$body" "$url/v1/$type"
}
sent "$(chancery client register)" clients >/dev/null
for i in {1..4}; do
  sent "$(chancery client seal "$i")" messages | chancery client accept >/dev/null
done

say 'every route by curl'
block sh | sed "s|^url=.*|url=$url|" >routes.sh
tail -c +2 "$root/tests/fuzz/corpus/seal/compact" >INV-1.jws
grep -q "^url=$url\$" routes.sh || fail 'the block does not set url'
typed='the curl lines of README.md'
types ./routes.sh
grep -q 'Verified OK' out || fail 'OpenSSL does not verify the signature'
grep -q '"valid":true' out || fail 'the signature does not verify'
grep -q '"signature":"valid","level":"B-B"' out || fail 'the seal is not whole'
routes_in_log() {
  jq -Rr 'fromjson? | select(.event == "request" and .status < 400)
    | .method + " " + .route' server.err | sort -u
}
jq -r '.paths | to_entries[] | .key as $path | .value | keys[]
  | ascii_upcase + " " + $path' "$root/apps/api/openapi.json" | sort >described
for _ in {1..300}; do # the log is written behind the answers
  routes_in_log >asked
  [[ -n $(comm -23 described asked) ]] || break
  sleep 0.1
done
missing=$(comm -23 described asked)
[[ -z $missing ]] || fail "README.md does not show: $missing"

say 'a client in JavaScript'
if [[ -d $root/build/js/node_modules/jose ]]; then
  node=$(compgen -G "$root/build/js/node_modules/node-linux-*/bin/node" || echo node)
  ln -s "$root/build/js/node_modules" node_modules
  block js >client.mjs
  (($(wc -l <client.mjs) < 40)) || fail 'it has 40 lines or more'
  works "$node" client.mjs "$url"
  out_is 5
else
  skipped 'JavaScript: the packages of tests/js are missing'
fi

say 'a client in Python'
python=
for one in python3 /usr/bin/python3; do
  if "$one" -c 'import jwcrypto' 2>/dev/null; then
    python=$one
    break
  fi
done
if [[ -n $python ]]; then
  block python >client.py
  (($(wc -l <client.py) < 50)) || fail 'it has 50 lines or more'
  works "$python" client.py "$url"
  out_has '^[56]$'
else
  skipped 'Python: python3-jwcrypto is missing'
fi

ends
works chancery chain verify
say done
