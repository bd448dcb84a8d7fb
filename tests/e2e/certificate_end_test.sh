#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Certificates that end while somebody seals. Short ones are issued by a clock
# that is a day behind.
source "$(dirname "${BASH_SOURCE[0]}")/serving.sh"
library=$(realpath "$2")
subject='C=EE,O=Tests,CN=Seal {n}'

# shifted SECONDS COMMAND...: with a clock that is so much ahead.
shifted() {
  local by=$1
  shift
  env "CLOCK_BY=$by" LD_PRELOAD="$library" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$@"
}

# key_ids: the keys of the folder, in keyring order, into ids.
key_ids() {
  works chancery keys list --json
  mapfile -t ids < <(grep -oE '"id":"[^"]*"' out | cut -d'"' -f4)
}

# ends_in SECONDS KEY: gives the key a certificate that ends then.
ends_in() {
  works shifted $(($1 - 86400)) "$binary" keys ca issue "$2" --days 1 \
    --subject "$subject"
}

say 'a run ends before a certificate does, and the next goes on with the others'
works shifted -90000 "$binary" init --purpose seal --keys 3
works shifted -90000 "$binary" keys ca init --name 'CN=Trial CA'
key_ids
works chancery keys ca issue "${ids[1]}" "${ids[2]}" --subject "$subject"
works chancery records seed --count 100000
ends_in 5 "${ids[0]}"
fails chancery sign --crypto-provider openssl --paranoid --signers 1 \
  --certificate-margin 0 --json
json ended '"certificates_end"'
err_has 'goes on with the other keys'
left=$(number left)
((left > 0)) || fail 'nothing is left'
works chancery sign --certificate-margin 0
err_has '1 key is left out: 1 expired or nearly so'
works chancery audit --json
json passed true
json epochs 2

say 'a clock that leaps past all of them seals nothing'
works chancery records seed --count 10
fails shifted 999999999 "$binary" sign
err_has '3 keys are left out: 3 expired or nearly so'

say 'a service rolls its epoch, and goes on without the key'
ends_in 4 "${ids[0]}"
serves --no-ledger --certificate-margin 0 --batch-size 1 --max-wait 0
for ((i = 0; i < 200; ++i)); do
  works curl -sS --fail --json "{\"text\":\"$i\"}" "$url/v1/records?wait=30"
  works curl -sS --fail "$url/v1/signing"
  ((i < 20 || $(number epoch) < 4)) || break
  sleep 0.1
done
(($(number epoch) >= 4)) || fail 'no epoch was rolled'
ends
works chancery verify
works chancery audit --json
json passed true
