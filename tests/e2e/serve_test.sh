#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# `chancery serve` with curl: an empty folder works at once, a client registers
# and sends, records that `sign` stores are read, tokens guard, SIGHUP reloads,
# SIGTERM ends it, and after kill -9 every receipt is in the chain.
# CHANCERY_KILLS=100 kills it as many times, by hand.
source "$(dirname "${BASH_SOURCE[0]}")/serving.sh"
export CHANCERY_CLIENT=client
kills=${CHANCERY_KILLS:-10}

# asks STATUS PATH CURL-OPTIONS...: the answer is in `out`.
asks() {
  local wanted=$1 path=$2
  shift 2
  typed="curl $path $*"
  code=$(curl -sS -o out -w '%{http_code}' "$@" "$url$path" 2>err) \
    || fail 'curl failed'
  [[ $code == "$wanted" ]] || fail "expected status $wanted, not $code"
}

posts() { asks "$1" "$2" -H "Content-Type: $3" --data-binary "@$4"; }

say 'an empty folder works at once'
serves --no-signing --ops 127.0.0.1:0
out_of_start=$(<served)
[[ $out_of_start == *"$url/docs"* ]] || fail 'it does not name its routes'
asks 200 /v1/node
works_out=$(grep -oP '"keys":"\K[^"]+' out)
echo "$works_out" >node.keys
asks 200 /livez
asks 200 /readyz
asks 200 /v1/records
out_has '"records":\[\]'
asks 404 /v1/nothing
out_has '"code":"not_found"'
asks 200 /problems/not_found
asks 421 /v1/node -H 'Host: elsewhere.example'
asks 404 /v1/blocks/head
asks 200 /metrics
out_has '^chancery_http_requests_total.route="/v1/node",method="GET",status="200". 1$'
ops=$(grep -oP 'health and metrics at \K\S+' server.err)
curl -sSf "$ops/readyz" >/dev/null
curl -sSf "$ops/metrics" >out
out_has '^chancery_messages_pending 0$'
[[ $(curl -sS -o out -w '%{http_code}' "$ops/v1/node") == 404 ]] \
  || fail 'the address for probes serves more'

say 'a taken port, and a second server, are one sentence'
fails chancery serve --http "${url#http://}" --data other
err_has '^chancery: '
fails chancery serve --http 127.0.0.1:0
err_has 'in use'
misused chancery serve --http 0.0.0.0:0
err_has '--tls-cert'

say 'a client registers, sends, and finds its message'
works chancery client init --node-keys node.keys
chancery client register >registration
posts 201 /v1/clients application/jose registration
posts 200 /v1/clients application/jose registration
chancery client seal '{"invoice":1}' >sealed
posts 201 /v1/messages application/jose sealed
out_has '"index":0[,}]'
receipt=$(grep -oP '"receipt":"\K[^"]+' out)
posts 201 /v1/messages application/jose sealed
[[ $(grep -oP '"receipt":"\K[^"]+' out) == "$receipt" ]] \
  || fail 'again, it gets another receipt'
chancery client accept <out >/dev/null
asks 200 /v1/messages/0
out_has '"message":{"v":1,'
posts 415 /v1/messages text/plain sealed
posts 422 /v1/messages application/jose registration
chancery client seal '{"invoice":2}' >second
cat registration sealed second >lines
posts 200 /v1/messages application/x-ndjson lines
out_is "$(printf '%s\n' "$(grep registered out)" "{\"receipt\":\"$receipt\"}" \
  "$(tail -1 out)")"
tail -1 out | chancery client accept >/dev/null

say 'events come as they happen, and end with the server'
# listens FILE CURL-OPTIONS...: reads events into a file, until it is killed.
listens() {
  local file=$1
  shift
  : >"$file"
  curl -sSN -D "$file.head" -o "$file" "$@" "$url/v1/events" 2>err &
  listener=$!
  awaits '^retry: ' "$file"
}
# awaits PATTERN FILE
awaits() {
  for _ in {1..600}; do
    ! grep -q "$1" "$2" || return 0
    sleep 0.1
  done
  fail "there is no $1 in $2"
}
listens events
grep -qi '^Content-Type: text/event-stream' events.head || fail 'another type'
grep -qi '^Transfer-Encoding: chunked' events.head || fail 'no chunks'
echo nonsense >nonsense
posts 422 /v1/messages application/jose nonsense
refused=$(grep -oP '"code":"\K[^"]+' out)
awaits "^data: {\"codes\":{\"$refused\":1}}" events
kill "$listener"
wait "$listener" 2>/dev/null || true
listens again.events -H 'Last-Event-ID: of.another.life'
awaits '^event: refused' again.events
for _ in {1..600}; do # until the server has noticed that the first one went
  asks 200 /metrics
  ! grep -q '^chancery_http_streams 1$' out || break
  sleep 0.1
done
out_has '^chancery_http_streams 1$'
ends
wait "$listener" || fail 'the stream was broken off'
[[ $(grep -c ' GET /v1/events 200 ' server.err) == 2 ]] \
  || fail 'streams are not logged'
serves --no-signing

head -c 200000 /dev/zero | tr '\0' a >long
posts 413 /v1/messages application/jose long
asks 413 /v1/messages -H 'Content-Type: application/jose' \
  -H 'Transfer-Encoding: chunked' --data-binary @long
head -c 2000000 /dev/zero | tr '\0' a >longer
asks 411 /v1/messages -H 'Content-Type: application/x-ndjson' \
  -H 'Transfer-Encoding: chunked' --data-binary @longer
out_has '"code":"length_required"'

say 'what sign stores is read beside it'
ends
works chancery init --keys 2
serves --no-signing
works chancery records seed --count 10
asks 202 /v1/records/7/signature
out_has '"signed":false'
asks 202 '/v1/records/7/signature?wait=1'
asks 200 /v1/signing
out_has '"running":false,"epoch":null'
asks 400 '/v1/records/7/signature?wait=31'
curl -sS -o waited "$url/v1/records/7/signature?wait=30" &
waiting=$!
for _ in {1..300}; do # with the one that asks
  asks 200 /metrics
  ! grep -q '^chancery_http_under_way 2$' out || break
  sleep 0.1
done
ends
wait "$waiting"
grep -q '^{"signed":false}' waited || fail 'the end left a request waiting'
serves --no-signing
curl -sS -o waited "$url/v1/records/7/signature?wait=30" &
waiting=$!
works chancery sign --batch-size 4
wait "$waiting"
grep -q '^{"record":7,' waited || fail 'who waited got no signature'
asks 200 /v1/signing
out_has '"running":false,"epoch":1,"batch_size":4,.*"signed":10,"unsigned":0'
asks 200 /v1/keys/order
out_has '"epoch":1,"keys":\[{"kid":"[^"]*","uses":[0-9]+,'
asks 200 /v1/records/7
out_has '"signed":true'
asks 200 '/v1/signatures?after=7'
[[ $(wc -l <out) == 2 ]] || fail 'not the last two signatures'
asks 200 /v1/records/7/data
cp out record
asks 200 /v1/records/7/signature.der
cp out signature
asks 200 /v1/records/7
key=$(grep -oP '"key":"\K[^"]+' out)
asks 200 "/v1/keys/$key.pem"
if command -v openssl >/dev/null; then
  openssl dgst -sha256 -verify out -signature signature record >/dev/null \
    || fail 'OpenSSL does not verify it'
fi
ends

say 'tokens guard, and SIGHUP reads them again'
works chancery token make reader --scope read
token=$(<out)
! grep -q "$token" data/tokens || fail 'the file has the token itself'
[[ $(stat -c %a data/tokens) == 600 ]] || fail 'others may read the file'
fails chancery token make reader
if command -v openssl >/dev/null; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout client.key -out client.pem -subj /CN=client -days 30 2>/dev/null
  hash=$(openssl x509 -in client.pem -pubkey -noout \
    | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary \
    | base64 | tr '+/' '-_' | tr -d '=')
  works chancery token make partner --scope submit --certificate client.pem
  grep -qF "partner submit cert:$hash" data/tokens || fail 'not its key'
fi
fails chancery token make nobody --certificate data/tokens
err_has 'cannot read the certificate in data/tokens'
chmod g+w data/tokens
fails chancery serve
err_has 'can be written by others'
chmod 600 data/tokens
works chancery token list --json
out_has '"name":"reader"'
serves --log-format json
asks 401 /v1/records
out_has token_missing
asks 401 /v1/node -H 'Authorization: Bearer cht_wrong'
asks 200 /v1/records -H "Authorization: Bearer $token"
asks 200 /v1/node
works chancery token revoke reader
fails chancery token revoke reader
kill -HUP "$server"
for _ in {1..300}; do
  asks_code=$(curl -sS -o out -w '%{http_code}' "$url/v1/records" \
    -H "Authorization: Bearer $token")
  [[ $asks_code != 401 ]] || break
  sleep 0.1
done
[[ $asks_code == 401 ]] || fail 'the revoked token still opens'
ends
! grep -q "$token" server.err || fail 'the log has the token'
grep -q '"event":"request"' server.err || fail 'requests are not logged'
rm data/tokens

say 'a disk that is nearly full takes no message'
serves --disk-reserve 1048576
chancery client seal --again >again 2>/dev/null \
  || chancery client seal '{"full":1}' >again
posts 507 /v1/messages application/jose again
out_has '"code":"disk_full"'
asks 503 /readyz
out_has '"name":"disk","ok":false'
asks 200 /livez
asks 200 /v1/messages/0
ends

say "kill -9 under load, $kills times: every receipt is in the chain"
: >receipts
: >answers
for ((n = 0; n < kills; ++n)); do
  serves
  (for i in {1..40}; do
    chancery client seal --again >again 2>/dev/null \
      || chancery client seal "{\"kill\":$n,\"i\":$i}" >again
    curl -sS -H 'Content-Type: application/jose' --data-binary @again \
      "$url/v1/messages" 2>/dev/null | tee -a answers >answered || break
    grep '"receipt"' answered | tee -a receipts \
      | chancery client accept >/dev/null || break
  done) &
  load=$!
  for _ in {1..600}; do # at least one receipt from each life
    [[ $(wc -l <receipts) -le $n ]] || break
    sleep 0.1
  done
  sleep "0.$((RANDOM % 10))"
  kill -9 "$server"
  wait "$server" 2>/dev/null || true
  wait "$load" || true
done
serves
while read -r line; do
  index=$(grep -oP '"index":\K[0-9]+' <<<"$line")
  receipt=$(grep -oP '"receipt":"\K[^"]+' <<<"$line")
  asks 200 "/v1/messages/$index"
  grep -qF "\"receipt\":\"$receipt\"" out || fail 'a receipt was lost'
done <receipts
[[ -s receipts ]] || fail 'no message came through'
ends
works chancery chain verify

say done
