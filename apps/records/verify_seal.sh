#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Verifies a seal (JAdES B-B, compact serialization) with OpenSSL alone: its
# certificate at the time that the signer claims, and its signature. Prints the
# record. It is in apps/README.md, too, for users who do not have chancery.
#
#   verify_seal.sh ROOT.pem SEAL.jws >RECORD
set -eu
t=$(mktemp -d) && trap 'rm -rf "$t"' EXIT
base64url() { # decodes; adds the padding first
  s=$(tr -- -_ +/) && case $((${#s} % 4)) in 2) s=$s== ;; 3) s=$s= ;; esac
  printf %s "$s" | openssl base64 -d -A
}
grep -qE '^[A-Za-z0-9_.-]+$' "$2" && grep -qE '^[^.]+[.][^.]+[.][^.]+$' "$2"
for part in 1 2 3; do cut -d. -f$part "$2" | tr -d '\n' | base64url >"$t/$part"; done
(tr -d ' \t\r\n' <"$t/1" && echo) >"$t/header"
if grep -qE '"crit":|"alg":.*"alg":' "$t/header"; then exit 1; fi
sha=sha$(sed -nE 's/.*"alg":"ES(256|384)".*/\1/p' "$t/header")
iat=$(sed -nE 's/.*"iat":([0-9]+)[,}].*/\1/p' "$t/header")
sed -nE 's/.*"x5c":\["([^]]*)"\].*/\1/p' "$t/header" | sed 's/","/\n/g' \
  | while read -r c; do echo "$c" | openssl base64 -d -A | openssl x509 -inform DER; done >"$t/chain"
openssl verify -x509_strict -attime "$iat" -CAfile "$1" -untrusted "$t/chain" "$t/chain" >&2
openssl x509 -in "$t/chain" -outform DER | openssl dgst -sha256 -binary >"$t/thumbprint"
sed -nE 's/.*"x5t#S256":"([^"]*)".*/\1/p' "$t/header" | tr -d '\n' | base64url | cmp - "$t/thumbprint"
hex=$(od -An -v -tx1 "$t/3" | tr -d ' \n') half=$((${#hex} / 2))
printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%.*s\ns=INTEGER:0x%s\n' $half "$hex" "$(echo "$hex" | cut -c$((half + 1))-)" >"$t/rs"
openssl asn1parse -genconf "$t/rs" -noout -out "$t/der"
openssl x509 -in "$t/chain" -pubkey -noout >"$t/key"
cut -d. -f1,2 "$2" | tr -d '\n' | openssl dgst "-$sha" -verify "$t/key" -signature "$t/der" >&2
cat "$t/2"
