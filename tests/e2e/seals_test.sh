#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Seals from nothing to a customer: signed, verified, audited, exported, checked
# by chancery and by OpenSSL, under authorities of one's own and of others.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source "$here/serving.sh"
verify_seal=$here/../../apps/records/verify_seal.sh
subject='C=EE,O=Tests,organizationIdentifier=VATEE-123456789,CN=Seal {n}'
count=${CHANCERY_SEALS:-300} # records that are exported and checked

# makes_seals FOLDER KEYS [OPTIONS]: a folder whose keys a trial authority
# certified.
makes_seals() {
  works chancery init --purpose seal --data "$1" --keys "${@:2}"
  works chancery keys ca init --name "CN=Trial CA of $1" --data "$1"
  works chancery keys ca issue --all --subject "$subject" --data "$1"
}

# openssl_takes ROOT FILE...: each seal, with its record.
openssl_takes() {
  local root=$1 file
  shift
  for file; do
    typed="verify_seal.sh $root $file"
    sh "$verify_seal" "$root" "$file" >record.out 2>err \
      || fail 'OpenSSL does not take it'
  done
}

say 'without certificates nothing is sealed, and nothing is stored'
works chancery init --purpose seal --keys 3
works chancery records seed --count 25
fails chancery sign
err_has 'no key may seal now; 3 keys are left out: 3 without a certificate'
err_has 'keys csr'
fails chancery sign --format raw
err_has 'the keyring is for seals'
works chancery keys ca init --name 'CN=Trial CA'
works chancery keys list --json
first=$(text id)
works chancery keys ca issue "$first" --subject "$subject"
works chancery sign --batch-size 10
err_has 'warning: 2 keys are left out: 2 without a certificate'
works chancery verify
works chancery audit --json
json passed true
grep -q certificate_valid_when_signed out || fail 'no rule on certificates'

say 'a raw folder makes no seals, and a record of no bytes is none'
works chancery init --data raw --keys 1
printf 'a\n' >line
works chancery records import line --data raw
fails chancery sign --format jades --data raw
err_has 'init --purpose seal'
fails chancery sign --content-type json --data raw
works chancery sign --data raw
fails chancery export --format jades --data raw
err_has '1 records are left out, the first is 0: their signatures are no seals'
fails chancery records get --jws 0 --data raw
err_has 'is raw, not a seal'
mkdir empty
: >empty/nothing
fails chancery records import --format files empty
err_has 'has no bytes'

say 'keys that come back stand at the old end, and the audit replays it'
works chancery keys ca issue --all --subject "$subject"
works chancery records seed --count 25
works chancery sign --batch-size 10
works chancery audit
works chancery keys ca revoke "$first" --reason superseded
works chancery records seed --count 25
works chancery sign --batch-size 10
err_has '1 key is left out: 1 revoked'
works chancery keys ca issue "$first" --subject "$subject"
works chancery records seed --count 25
works chancery sign --batch-size 10
works chancery audit --json
json passed true

for curve in p256 p384; do
  say "exports on $curve"
  data=seals-$curve
  makes_seals "$data" 3 --curve "$curve"
  works chancery records seed --count "$count" --data "$data"
  printf 'number,body\nINV-1,"{""total"":7}"\n' >named.csv
  works chancery records import named.csv --format csv \
    --name-column number --record-column body --data "$data"
  works chancery sign --batch-size 37 --content-type json --data "$data"
  works chancery export --out "files-$curve" --data "$data"
  out_has "exported $((count + 1)) signatures, which verify"
  [[ $(wc -l <"files-$curve/index.tsv") == $((count + 1)) ]] \
    || fail 'the index has another number of lines'
  find "files-$curve" -name '*.jws' >list
  works xargs -a list "$binary" check --ca "files-$curve/ca.pem"
  [[ $(grep -c ': valid$' out) == $((count + 1)) ]] || fail 'one is not valid'
  openssl_takes "files-$curve/ca.pem" "files-$curve/000/"00000[0-3].jws
  works chancery records get 3 --data "$data"
  cmp out record.out || fail 'OpenSSL took another record'
  works chancery records get --jws 3 --data "$data"
  cmp out "files-$curve/000/000003.jws" || fail 'another seal'
  works chancery export --flattened --out "flat-$curve" --data "$data"
  works chancery check "flat-$curve/000/"00000[0-3].json \
    --ca "flat-$curve/ca.pem"
  works chancery export --lines --out "lines-$curve" --data "$data" --json
  json verified true
  [[ $(head -1 "lines-$curve") == '{"record":0,"jws":"'$(<"files-$curve/000/000000.jws")'"}' ]] \
    || fail 'the first line has another seal'
  tail -1 "lines-$curve" | grep -q '"name":"INV-1"' || fail 'no name'
  works chancery export --tar seals.tar --data "$data"
  works tar tf seals.tar
  out_has '^000/000000.jws$'
  fails chancery export --format der --out "none-$curve" --data "$data"
  fails chancery export --format csv --data "$data"
  err_has 'and --format jades exports them'
  works chancery audit --trust-ca "files-$curve/ca.pem" --data "$data"
  works chancery export --state "state-$curve" --lines --out "some-$curve" --data "$data"
  works chancery export --state "state-$curve" --lines --out "nothing-$curve" --data "$data"
  [[ ! -s nothing-$curve ]] || fail 'nothing is new'

  say "a folder for a customer, on $curve"
  works chancery export --for-customer INV-1 --out "for-$curve" --data "$data"
  [[ $(<"for-$curve/record.bin") == '{"total":7}' ]] || fail 'another record'
  # shellcheck disable=SC2016 # the inner shell's
  works bash -c 'cd "$0" && sh VERIFY.txt ca.pem seal.jws | cmp - record.bin' \
    "for-$curve"
done
fails chancery audit --trust-ca files-p384/ca.pem --data seals-p256
grep -q '✗.*certificate leads to a root' out || fail 'another rule is broken'
fails chancery export --for-customer INV-9 --out none --data seals-p256
fails chancery export --for-customer INV-1 --out for-p256 --data seals-p256

say 'any byte that is changed is found, and named'
cp for-p256/seal.jws seal.jws
size=$(stat -c %s seal.jws)
for at in 5 700 $((size - 110)) $((size - 40)); do
  cp seal.jws changed.jws
  printf '!' | dd of=changed.jws bs=1 seek="$at" conv=notrunc 2>/dev/null
  expect 1 "$binary" check changed.jws --ca for-p256/ca.pem
  out_has 'invalid'
  out_has '^  rule [0-9]+ '
done

say 'a chain of three, by an authority of others'
works chancery init --purpose seal --keys 2 --data others
works chancery keys csr --all --subject "$subject" --out requests --data others
new_key() { openssl ecparam -genkey -name prime256v1 -noout -out "$1.key"; }
printf '%s\n' 'basicConstraints=critical,CA:TRUE' \
  'keyUsage=critical,keyCertSign,cRLSign' 'subjectKeyIdentifier=hash' \
  'authorityKeyIdentifier=keyid' >ca.ext
printf '%s\n' 'basicConstraints=critical,CA:FALSE' \
  'keyUsage=critical,nonRepudiation' 'subjectKeyIdentifier=hash' \
  'authorityKeyIdentifier=keyid' >leaf.ext
new_key root
new_key middle
openssl req -new -x509 -key root.key -subj /CN=Root -days 3650 -out root.pem \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
openssl req -new -key middle.key -subj /CN=Middle -out middle.csr
openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -days 3000 \
  -extfile ca.ext -out middle.pem 2>/dev/null
for request in requests/*.csr; do
  openssl x509 -req -in "./$request" -CA middle.pem -CAkey middle.key \
    -days 900 -extfile leaf.ext -set_serial "0x$(openssl rand -hex 8)" \
    -out "$request.pem" 2>/dev/null
done
works chancery keys certificates import ./requests/*.pem middle.pem \
  --ca root.pem --data others
works chancery records seed --count 20 --data others
works chancery sign --data others
works chancery audit --trust-ca root.pem --data others
works chancery status --data others
out_has '^Seals     2 keys may seal, all of them until 20'
works chancery status --data raw --json
json sealing null
works chancery export --out from-others --data others
works chancery check from-others/000/000000.jws --ca root.pem
openssl_takes root.pem from-others/000/000000.jws

say 'a key that signs elsewhere is warned of'
works chancery keys list --data raw --json
works chancery keys export "$(text id)" --out raw.pem --data raw
works chancery keys import raw.pem --data others
err_has 'warning: .*elsewhere'

say 'workers of other hosts seal as they sign'
works chancery simulate cluster --purpose seal --records 2000 --keys 6 \
  --batch-size 50 --workers 2 --kills 2 --no-ledger --keep simulated --json
json purpose '"seal"'
json left 0
works chancery export --out simulated-out --data simulated/data
works chancery check simulated-out/001/001999.jws --ca simulated-out/ca.pem

say 'anybody on the host could have a real seal, so a token is asked for'
CHANCERY_DATA=others fails chancery serve --http 127.0.0.1:0 --no-ledger
err_has 'under the authority CN=[A-Z][a-z]*: ask for tokens'
CHANCERY_DATA=others serves --no-ledger --open-loopback
ends
CHANCERY_DATA=others works chancery token make poster --scope submit,read
CHANCERY_DATA=others serves --no-ledger
ends

python=
for each in python3 /usr/bin/python3; do # Debian's packages are the latter's
  ! "$each" -c 'import jwcrypto' 2>/dev/null || python=$each
done
if [[ -n $python ]]; then
  say 'jwcrypto takes them, too'
  cat >verify.py <<'END'
import base64, json, sys
from cryptography import x509
from cryptography.hazmat.primitives import serialization as s
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
for line in open(sys.argv[1]):
    text = json.loads(line)["jws"]
    head = text.split(".")[0]
    x5c = json.loads(base64.urlsafe_b64decode(head + "=="))["x5c"]
    key = x509.load_der_x509_certificate(base64.b64decode(x5c[0])).public_key()
    jws = JWS()
    jws.deserialize(text)
    jws.verify(JWK.from_pem(key.public_bytes(
        s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)))
END
  works "$python" verify.py lines-p256
  works "$python" verify.py lines-p384
else
  say 'skipped: python3-jwcrypto is not installed'
fi

say 'killed while it seals'
makes_seals killed 3
works chancery records seed --count 3000 --data killed
for delay in ${CHANCERY_DELAYS:-0.05 0.1}; do
  "$binary" sign --batch-size 10 --data killed >out 2>err &
  sleep "$delay"
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  works chancery audit --data killed
done
works chancery sign --batch-size 10 --data killed
works chancery verify --data killed
works chancery audit --data killed

say 'a service seals, and says when no key may'
rm -rf data
works chancery init --purpose seal --keys 2
works chancery keys ca init --name 'CN=Trial CA'
serves --max-wait 0 --batch-size 1 --no-ledger
[[ $(curl -s -o out -w '%{http_code}' "$url/readyz") == 503 ]] \
  || fail 'it is ready without a certificate'
out_has no_certificate
works curl -sS --fail --json '{"name":"a","text":"1"}' "$url/v1/records"
works chancery keys ca issue --all --subject "$subject"
err_has 'kill -HUP'
kill -HUP "$server"
works curl -sS --fail --json '{"name":"b","text":"2"}' "$url/v1/records?wait=30"
[[ $(curl -s -o out -w '%{http_code}' "$url/readyz") == 200 ]] \
  || fail 'it is not ready'
works curl -sS --fail -D head -o seal.jws "$url/v1/records/0/signature?wait=30"
grep -qi '^content-type: application/jose' head || fail 'another type'
works chancery check seal.jws --ca data/ca.pem
works curl -sS --fail "$url/v1/signatures"
out_has '^\{"record":1,"name":"b","jws":"'
works curl -sS --fail "$url/v1/records/1"
out_has '"format":"jades"'
[[ $(curl -s -o out -w '%{http_code}' --json '{"text":""}' "$url/v1/records") == 422 ]] \
  || fail 'an empty record is not refused'
out_has empty_record
[[ $(curl -s -o out -w '%{http_code}' "$url/v1/records/1/signature.der") == 404 ]] \
  || fail 'a seal has no DER'
works curl -sS --fail "$url/metrics"
out_has '^chancery_epoch_end_timestamp_seconds '
ends
works chancery audit
