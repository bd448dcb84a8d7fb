#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Interoperability with OpenSSL's command line: it verifies exported signatures,
# and keys are exchanged in both directions.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data

# verified FOLDER HASH COUNT: verifies an exported folder with openssl.
verified() {
  local file key count=0
  while IFS=$'\t' read -r file key _; do
    works openssl dgst "-$2" -verify "$1/$key" -signature "$1/$file.sig" \
      "$1/$file.bin"
    out_is 'Verified OK'
    count=$((count + 1))
  done <"$1/index.tsv"
  [[ $count == "$3" ]] || fail "openssl verified $count of $3 signatures"
}

check_curve() { # CURVE HASH ALGORITHM PROVIDER
  say "$1 with $4"
  rm -rf data signed
  works chancery init --curve "$1" --keys 3
  works chancery records seed --count 18 --size 33
  works chancery records seed --count 1 --size 0
  works chancery records seed --count 1 --size 1048576
  works chancery sign --batch-size 5 --crypto-provider "$4"
  works chancery export
  out_has "\"alg\":\"$3\""
  works chancery export --format der --out signed
  verified signed "$2" 20
  echo more >>signed/000/000007.bin
  expect 1 openssl dgst "-$2" -signature signed/000/000007.sig \
    -verify "signed/$(sed -n '8p' signed/index.tsv | cut -f 2)" \
    signed/000/000007.bin
}
check_curve p256 sha256 ES256 botan
check_curve p384 sha384 ES384 openssl
check_curve p384 sha384 ES384 auto
check_curve p256 sha256 ES256 auto
check_curve p256 sha256 ES256 batch

first_id() { chancery keys list --json | grep -oE '"id":"[^"]*"' | head -1 \
  | cut -d'"' -f4; }

say 'a key exported to openssl'
id=$(first_id)
works chancery keys export "$id" --out private.pem
[[ $(stat -c %a private.pem) == 600 ]] \
  || fail 'the private key does not have mode 600'
works chancery keys export "$id" --public --out public.pem
works openssl pkey -in private.pem -pubout
cmp -s out public.pem || fail 'private and public key do not match'
works chancery keys export "$id" --public
cmp -s out public.pem || fail 'stdout differs from the file'
works openssl pkey -in private.pem -check -noout
out_has 'Key is valid'
fails chancery keys export "$id" --out private.pem
err_has 'exists.*--force'
works chancery keys export "$id" --out private.pem --force --json
json half '"private"'
misused chancery keys export "$id"
echo wrong >wrong
fails chancery keys export "$id" --out stolen.pem --passphrase-file wrong
[[ ! -e stolen.pem ]] || fail 'a wrong passphrase exported a key'

say 'a key imported from openssl'
works openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
  -out new.pem
works chancery keys import new.pem --json
new=$(grep -oE '"imported":"[^"]*"' out | cut -d'"' -f4)
works chancery keys export "$new" --public --out new.pub.pem
works openssl pkey -in new.pem -pubout
cmp -s out new.pub.pem || fail 'the exported public key differs'
works chancery keys export "$new" --out back.pem
works openssl pkey -in back.pem
cp out back
works openssl pkey -in new.pem
cmp -s out back || fail 'the exported private key differs'
fails chancery keys import new.pem
err_has 'cannot import new.pem'
works chancery records seed --count 10
works chancery sign --batch-size 1
works chancery audit
works chancery export
out_has "\"key\":\"$new\""

say 'PEM files without a usable private key'
works openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 \
  -out p384.pem
works openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 \
  -out secp256k1.pem
works openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
works openssl genpkey -algorithm ED25519 -out ed25519.pem
works openssl ecparam -name prime256v1 -genkey -noout -out sec1.pem
works openssl pkcs8 -topk8 -in new.pem -passout pass:x -out encrypted.pem
works openssl req -x509 -key new.pem -subj /CN=x -out certificate.pem
cp new.pub.pem public_key.pem
head -3 new.pem >cut.pem
echo 'no PEM at all' >text.pem
: >empty.pem
count=$(chancery keys list | wc -l)
for file in p384 secp256k1 rsa ed25519 sec1 encrypted certificate public_key \
  cut text empty missing; do
  fails chancery keys import "$file.pem"
  err_has "$file.pem: "
  echo "   $(<err)"
done
fails chancery keys import encrypted.pem
err_has '[Ee]ncrypted'
fails chancery keys import public_key.pem
err_has 'public'
fails chancery keys import certificate.pem
err_has 'certificate'
fails chancery keys import p384.pem
err_has 'P-384|curve'
[[ $(chancery keys list | wc -l) == "$count" ]] || fail 'a key was imported'
