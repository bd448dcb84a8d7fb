#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A coordinator and its workers as processes over loopback: they join, work and
# leave; they are killed and stopped at random moments; strangers and wrong keys
# are refused while the others keep signing. After each part the audit passes.
# The seed is printed; pass it as the second argument to draw the same moments.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
seed=${2:-$((RANDOM * 32768 + RANDOM))}
RANDOM=$seed
echo "seed $seed"

makes_cluster 24 w1 w2 w3
works chancery cluster issue reader --role client

say 'usage'
misused chancery worker --connect 127.0.0.1:1 --keyring keys.bundle
misused chancery worker --connect nowhere --cluster w1 --keyring keys.bundle
misused chancery worker --connect 127.0.0.1:1 --cluster w1
misused chancery sign --listen 127.0.0.1:0
misused chancery sign --signers 0
misused chancery sign --listen 127.0.0.1:0 --cluster coordinator --lease-ms 1
fails chancery sign --listen 127.0.0.1:0 --cluster w1
err_has 'is for a worker'
fails chancery worker --connect 127.0.0.1:1 --cluster reader \
  --keyring keys.bundle
err_has 'is for a client'
fails chancery worker --connect 127.0.0.1:1 --cluster w1 \
  --keyring data/keyring.jwe --passphrase-file data/passphrase

say 'join, work and leave in one run'
more_records 3000
coordinates 0
joins w1 --once
coordinator_ends 0
json signed 3000
json signers 0
json left 0
worker_ends w1 0
json signed 3000
audit_names w1
works chancery audit --batches batches.jsonl
[[ $(grep -c '"worker":"w1"' batches.jsonl) == 30 ]] \
  || fail 'expected 30 batches'

say 'a worker that stays signs in the next run'
more_records 2000
joins w2
coordinates "$port"
coordinator_ends 0
until_word w2 'waiting for the next one'
more_records 2000
coordinates "$port"
coordinator_ends 0
json signed 2000
still_up w2
said w2 'worker w2 of the cluster, with 24 keys' \
  || fail 'it does not log its name'
[[ $(grep -c 'trying' w2.err) -le 2 ]] || fail 'it logs the loss repeatedly'
worker_told_to_end w2 0
audit_names w2

say 'a worker gives its keys back at SIGTERM'
no_records
more_records 40000
coordinates 0 --lease-ms 3600000
joins w1 --crypto-provider botan
until_stored 500
worker_told_to_end w1 0
until_status keys_out 0
coordinator_told_to_end
[[ $(number late_results) == 0 ]] || fail 'a result was late'
passes_audit

say 'strangers and wrong keys are refused while the others keep signing'
no_records
more_records 100000
works chancery init --data other --keys 24
works chancery cluster init --data other
works chancery cluster issue w1 --data other --out stranger
works chancery keys bundle --data other --out other.bundle
cp -r other twin
cp data/keyring.jwe data/keyring.pub.json data/passphrase twin
works chancery keys bundle --data twin --out twin.bundle
# The data folder's id and its keys, by their ids, but another lease secret.
works chancery init --data minted --keys 1
works chancery keys list --data minted --json
own=$(text id)
works chancery keys list --json
for id in $(grep -oP '"id":"\K[^"]+' out); do
  works chancery keys export "$id" --out one.pem
  works chancery keys import one.pem --data minted
  rm one.pem
done
works chancery keys retire "$own" --data minted
cp -r data forged
cp minted/keyring.jwe minted/keyring.pub.json minted/passphrase forged
works chancery keys bundle --data forged --out forged.bundle
coordinates 0
joins w1 --crypto-provider botan --signers 1
until_stored 1000
refused_worker() { # BUNDLE REGEX
  fails chancery worker --connect "127.0.0.1:$port" --cluster w2 --keyring "$1"
  err_has "$2"
}
refused_worker other.bundle 'other keys|another'
refused_worker twin.bundle 'another|data folder'
refused_worker forged.bundle \
  "^chancery: the coordinator does not hold this worker's keyring"
[[ $(wc -l <err) == 2 ]] || fail 'it says more than its name and one sentence'
joins stranger
# Before the noise below, as not all of many refusals a second are logged.
until_word stranger 'trying again'
if command -v openssl >/dev/null; then
  (sleep 1) | openssl s_client -connect "127.0.0.1:$port" -tls1_3 \
    -cert reader/host.pem -key reader/host.key -CAfile reader/ca.pem \
    >/dev/null 2>&1 || true
fi
for _ in {1..30}; do
  head -c 4096 /dev/urandom >"/dev/tcp/127.0.0.1/$port" 2>/dev/null || true
  printf 'GET / HTTP/1.1\r\n\r\n' >"/dev/tcp/127.0.0.1/$port" || true
done
until_stored 500
still_up w1
worker_told_to_end stranger 0
json signed 0
is_unsigned || fail 'all was signed before the last of them was refused'
coordinator_told_to_end
err_has 'does not speak TLS 1.3'
err_has "does not accept this host's certificate"
if command -v openssl >/dev/null; then
  err_has 'client reader at .* only a worker may connect here'
fi
worker_told_to_end w1 0
audit_names w1

say 'two workers with one certificate'
no_records
more_records 10000
coordinates 0 --crypto-provider botan
joins w3 --crypto-provider botan --signers 1
joins_as twin w3 --crypto-provider botan --signers 1
until_word w3 'connected to'
until_word twin 'connected to'
coordinator_ends 0
json signed 10000
worker_told_to_end w3 0
first=$(number signed)
worker_told_to_end twin 0
((first + $(number signed) == 10000)) || fail 'a record was signed twice'
audit_names w3

say 'a worker whose clocks are an hour ahead'
ahead=(unshare --time --monotonic 3600 --boottime 3600)
if "${ahead[@]}" true 2>err; then
  no_records
  more_records 5000
  coordinates 0 --lease-ms 60000
  in_second=("${ahead[@]}")
  joins w1 --crypto-provider botan --signers 1
  in_second=()
  coordinator_ends 0
  json signed 5000
  json late_results 0
  worker_told_to_end w1 0
  json units_late 0
  audit_names w1
else
  skipped "time namespaces: $(<err)"
fi

say 'a worker stopped for longer than its leases'
no_records
more_records 10000
coordinates 0 --lease-ms 500
joins w1 --crypto-provider botan --signers 1
joins w2 --crypto-provider botan --signers 1
until_stored 1000
kill -STOP "${workers[w1]}"
sleep 2.5
kill -CONT "${workers[w1]}"
coordinator_ends 0
worker_told_to_end w1 0
worker_told_to_end w2 0
audit_names w1
audit_names w2

say 'all hosts are killed at random moments'
no_records
more_records 16000
coordinates 0 --lease-ms 700
joins w1 --crypto-provider botan --signers 1
joins w2 --crypto-provider botan --signers 1
hits=0
for round in {1..8}; do
  sleep "0.$(printf %03d $((RANDOM % 900)))"
  is_unsigned || break
  hits=$((hits + 1))
  case $((round % 4)) in
    0 | 2)
      victim=w$((RANDOM % 2 + 1))
      killed "$victim"
      joins "$victim" --crypto-provider botan --signers 1
      ;;
    1)
      coordinator_killed
      is_unsigned || break # it had signed all and was about to end
      # On the same port, where the workers expect it.
      coordinates "$port" --lease-ms $((500 + RANDOM % 1000))
      ;;
    3)
      kill -STOP "${workers[w2]}"
      sleep 2
      kill -CONT "${workers[w2]}"
      ;;
  esac
done
((hits >= 3)) || fail "only $hits kills came during signing"
[[ -z $coordinator ]] || coordinator_ends 0
! is_unsigned || fail 'records are unsigned'
worker_told_to_end w1 0
worker_told_to_end w2 0
passes_audit

say 'a coordinator waits for leases of the previous run, by their length'
no_records
more_records 8000
coordinates 0 --lease-ms 5000
joins w1 --crypto-provider botan --signers 1
until_stored 500
coordinator_killed
coordinates "$port" --lease-ms 500
grep -qE 'no key is lent for the first (5|6)\.[0-9] s' coordinator.err \
  || fail 'it does not log that it waits'
coordinator_ends 0
worker_told_to_end w1 0
audit_names w1

works chancery verify --json
json unsigned 0
json wrong 0
