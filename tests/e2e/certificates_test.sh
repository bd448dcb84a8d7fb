#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Certificates of record keys, with OpenSSL as the authority and as validator.
source "$(dirname "${BASH_SOURCE[0]}")/serving.sh"

subject='C=EE,O=Trial Invoices AS,organizationIdentifier=VATEE-123456789'
subject+=',CN=Invoice seal {n}'

works chancery init --keys 3 --purpose seal
works chancery keys list --json
mapfile -t id < <(grep -oE '"id":"[^"]*"' out | cut -d'"' -f4)

# state_is N STATE: of the key with this index.
state_is() {
  works chancery keys list --json
  local found
  found=$(grep -oE "\"id\":\"${id[$1]}\".*" out \
    | grep -oE '"certificate":\{"state":"[a-z]*' | head -1 | cut -d'"' -f6)
  [[ $found == "$2" ]] || fail "key $1 is $found, not $2"
}
enrolled_are() {
  works chancery keys certificates list
  [[ $(grep -cE '  (valid|ending|future|revoked|expired) ' out) == "$1" ]] \
    || fail "expected $1 keys with a certificate"
}

say 'requests: OpenSSL verifies each one'
misused chancery keys csr --all --out csr
misused chancery keys csr --out csr --subject "$subject"
misused chancery keys csr --all --out csr --subject 'CN={x}'
err_has '\{n\}, \{key\}'
misused chancery keys csr "${id[0]}" --all --out csr --subject "$subject"
fails chancery keys csr nokey --out csr --subject "$subject"
err_has 'there is no key nokey'
works chancery keys csr --all --out csr --subject "$subject"
no_err
out_has '3 requests'
[[ $(find csr -type f | wc -l) == 4 ]] || fail 'expected three requests and an index'
[[ $(head -1 csr/index.tsv) == $'key\tnumber\tsubject\tfile' ]] \
  || fail 'the index has another head'
[[ $(cut -f2 csr/index.tsv | paste -sd,) == number,1,2,3 ]] \
  || fail 'the index has other numbers'
for each in "${id[@]}"; do
  works openssl req -verify -noout -subject -in "./csr/$each.csr"
  cat err >>out
  out_has 'verify OK'
  works openssl req -noout -pubkey -in "./csr/$each.csr"
  cp out requested
  works chancery keys export "$each" --public
  cmp out requested || fail 'the request is for another key'
done
fails chancery keys csr --all --out csr --subject "$subject"
err_has 'csr'
works chancery keys csr "${id[1]:0:12}" --out one --subject "$subject" --json
json requests 1
grep -q 'CN=Invoice seal 0002' one/index.tsv || fail 'wrong place'
works chancery keys csr --all --out plain --subject 'CN=x'
err_has 'warning: .*country'
err_has 'warning: .*organizationIdentifier'
echo wrong >wrong.pass
chmod 600 wrong.pass
fails chancery keys csr --all --out never --subject "$subject" \
  --passphrase-file wrong.pass
err_has 'passphrase'
[[ ! -e never ]] || fail 'a folder was left'

say 'an authority with an intermediate, on P-256 and with RSA'
cat >ca.cnf <<'EOF'
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[middle]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[seal]
basicConstraints=critical,CA:FALSE
keyUsage=critical,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
authorityInfoAccess=caIssuers;URI:http://127.0.0.1/ca.cer
crlDistributionPoints=URI:http://127.0.0.1/ca.crl
[bare]
basicConstraints=CA:FALSE
keyUsage=digitalSignature
[wrong_usage]
keyUsage=critical,keyAgreement
[unknown]
keyUsage=critical,nonRepudiation
1.2.3.4=critical,ASN1:NULL
[crl]
authorityKeyIdentifier=keyid
[config]
database=index
crlnumber=crlnumber
default_md=sha256
default_crl_days=30
crl_extensions=crl
EOF
p256=ec_paramgen_curve:P-256
# authority NAME KEY [ISSUER]
authority() {
  works openssl genpkey -algorithm "${2%%_*}" -pkeyopt "$2" -out "$1.key"
  works openssl req -new -key "$1.key" -subj "/C=EE/O=Test/CN=$1" -out "$1.csr"
  if (($# == 2)); then
    works openssl x509 -req -in "$1.csr" -signkey "$1.key" -days 99 -sha256 \
      -extfile ca.cnf -extensions ca -out "$1.pem"
  else
    works openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" \
      -CAcreateserial -days 90 -sha256 -extfile ca.cnf -extensions middle \
      -out "$1.pem"
  fi
}
# signed N ISSUER EXTENSIONS OUT [OPTION...]
signed() {
  works openssl x509 -req -in "./csr/${id[$1]}.csr" -CA "$2.pem" \
    -CAkey "$2.key" -CAcreateserial -sha256 -extfile ca.cnf -extensions "$3" \
    -out "$4" "${@:5}"
}
authority root "$p256"
authority middle "$p256" root
authority rsaroot rsa_keygen_bits:2048
signed 0 middle seal 0.pem -days 60
signed 1 middle seal 1.pem -days 60
signed 2 rsaroot seal 2.pem -days 60

say 'refused, and nothing is stored'
openssl genpkey -algorithm ec -pkeyopt "$p256" -out other.key 2>/dev/null
openssl req -new -key other.key -subj /CN=other -out other.csr
works openssl x509 -req -in other.csr -CA root.pem -CAkey root.key \
  -CAcreateserial -days 9 -extfile ca.cnf -extensions seal -out other.pem
refused() {
  fails chancery keys certificates import "${@:2}"
  err_has "$1"
  enrolled_are 0
}
refused 'keyring has no such key' other.pem --ca root.pem
refused 'keyring has no such key' 0.pem middle.pem other.pem --ca root.pem
refused 'no chain leads' 0.pem --ca root.pem
refused 'no chain leads' 0.pem middle.pem --ca rsaroot.pem
refused 'no chain leads' 0.pem middle.pem 2.pem --ca root.pem
refused 'no root' 0.pem middle.pem --ca middle.pem
refused 'no certificate for a key' middle.pem --ca root.pem
refused 'no certificate in it' wrong.pass --ca root.pem
refused 'cannot .*missing.pem' missing.pem --ca root.pem
head -c 300 0.pem >half.pem
refused 'half.pem.*cut short' half.pem middle.pem --ca root.pem
signed 0 root wrong_usage usage.pem -days 9
refused 'neither non-repudiation' usage.pem --ca root.pem
signed 0 root unknown unknown.pem -days 9
refused 'critical extension' unknown.pem --ca root.pem
signed 0 root ca caleaf.pem -days 9
refused "authority's \(CA\)" caleaf.pem --ca root.pem
refused 'another one for the same key' 0.pem middle.pem unknown.pem \
  --ca root.pem
misused chancery keys certificates import 0.pem
misused chancery keys certificates import --ca root.pem

say 'one on probation: only what it states is warned of'
signed 0 root bare bare.pem -days 9
works chancery keys certificates import bare.pem --ca root.pem
err_has 'warning: .*not non-repudiation'
err_has 'warning: .*AIA'
err_has 'warning: .*CRL distribution point'
state_is 0 ending

say 'imported: chains in any order, DER and PEM, RSA and P-256'
openssl x509 -in 1.pem -outform DER -out 1.der
cat root.pem 0.pem rsaroot.pem middle.pem >bundle.pem
cat root.pem rsaroot.pem >roots.pem
works chancery keys certificates import bundle.pem 1.der 2.pem --ca roots.pem
no_err
out_has 'certificates of 3 keys'
works chancery keys certificates import bundle.pem 1.der --ca root.pem --json
json imported 0
json unchanged 2
for n in 0 1 2; do state_is "$n" valid; done
works chancery keys certificates list --warn-days 61
[[ $(grep -c '  ending  ' out) == 3 ]] || fail 'expected three that end soon'
works chancery keys certificates list --json
json key "\"${id[0]}\""
out_has '"issuer":"CN=middle,O=Test,C=EE"'
out_has '"subject":"CN=Invoice seal 0001,organizationIdentifier=VATEE-1234'
out_has '"valid_until":"20[0-9-]*T[0-9:]*Z"'
thumbprint=$(openssl x509 -in 0.pem -outform DER | openssl dgst -sha256 -binary \
  | openssl base64 | tr '+/' '-_' | tr -d '=')
json thumbprint "\"$thumbprint\""
works chancery keys list
out_has "^${id[0]} .* valid$"

say 'exported: OpenSSL verifies it'
works chancery keys certificates export --out exported
out_has '3 certificates'
works openssl verify -x509_strict -CAfile exported/ca.pem \
  -untrusted "./exported/${id[0]}.pem" "./exported/${id[0]}.pem"
cmp <(openssl x509 -in "./exported/${id[2]}.pem") <(openssl x509 -in 2.pem) \
  || fail 'another certificate was exported'

say 'revocation'
: >index
echo 03 >crlnumber
printf '[ca]\ndefault_ca=config\n' >>ca.cnf
crl() { works openssl ca -config ca.cnf -name config -cert middle.pem \
  -keyfile middle.key "$@"; }
crl -gencrl -out 3.crl
fails chancery keys crl import 0.pem
err_has 'CERTIFICATE'
works chancery keys crl import 3.crl
out_has '0 revocations; 0 keys'
crl -revoke 1.pem -crl_reason keyCompromise
crl -gencrl -out 4.crl
openssl crl -in 4.crl -outform DER -out 4.der 2>/dev/null
works chancery keys crl import 4.der --json
json number '"4"'
json revoked_keys 1
state_is 0 valid
state_is 1 revoked
works chancery keys certificates list --json
out_has '"why":"[^"]*was revoked at [^"]*keyCompromise'
fails chancery keys crl import 3.crl
err_has 'list 3 .*a newer one is stored: 4'
state_is 1 revoked
works chancery keys crl import 4.crl
openssl ca -config ca.cnf -name config -cert root.pem -keyfile other.key \
  -gencrl -out forged.crl >/dev/null 2>&1 \
  || openssl ca -config ca.cnf -name config -cert other.pem \
    -keyfile other.key -gencrl -out forged.crl 2>/dev/null
fails chancery keys crl import forged.crl
err_has 'no authority'
# The same authority by another key id, as if the list were another one's.
sed '/^\[middle\]/,/^\[/s/^subjectKeyIdentifier=.*/subjectKeyIdentifier=01:02:03:04:05:06/' \
  ca.cnf >ca2.cnf
openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -sha256 \
  -extfile ca2.cnf -extensions middle -out middle2.pem 2>/dev/null
works openssl ca -config ca.cnf -name config -cert middle2.pem \
  -keyfile middle.key -gencrl -out misnamed.crl
fails chancery keys crl import misnamed.crl
err_has 'names another key'
refused_again() {
  fails chancery keys certificates import "$@"
  err_has 'was revoked at'
}
refused_again 1.pem middle.pem --ca root.pem

say 'an authority for trials'
fails chancery keys ca issue --all --subject "$subject"
err_has 'keys ca init'
misused chancery keys ca init --name 'CN={n}'
works chancery keys ca init --name 'C=EE,O=Trial AS,CN=Trial CA'
err_has 'nobody else trusts it'
[[ $(stat -c %a data/ca.jwe) == 600 ]] || fail 'others can read the key'
works openssl x509 -in data/ca.pem -noout -text
out_has 'CA:TRUE, pathlen:0'
fails chancery keys ca init --name 'C=EE,O=Trial AS,CN=Trial CA'
err_has 'already has an authority'
fails chancery keys ca issue --all --subject "$subject" \
  --passphrase-file wrong.pass
works chancery keys ca issue --all --subject "$subject" --days 90 \
  --ca-url http://127.0.0.1/ca.cer --crl-url http://127.0.0.1/ca.crl
no_err
out_has 'certificates for 3 keys'
for n in 0 1 2; do state_is "$n" valid; done
works chancery keys ca crl --days 30 --out trial.crl
works chancery keys certificates export --out issued
cmp issued/ca.pem data/ca.pem || fail 'another root'
for each in "${id[@]}"; do
  works openssl verify -x509_strict -crl_check -CAfile data/ca.pem \
    -CRLfile trial.crl "./issued/$each.pem"
done
misused chancery keys ca revoke "${id[2]}" --reason stolen
err_has 'keyCompromise'
works chancery keys ca revoke "${id[2]}" --reason keyCompromise --json
json revoked 1
json number '"2"'
sleep 1 # it counts from the next full second on
state_is 2 revoked
fails chancery keys ca revoke "${id[2]}" --reason superseded
err_has 'not revoked yet'
fails chancery keys ca crl --out trial.crl
err_has 'exists'
works chancery keys ca crl --out trial.crl --force --json
json number '"3"'
json entries 1
works chancery keys ca crl --out trial.der --der
works openssl crl -inform DER -in trial.der -noout -text
out_has 'Key Compromise'
expect 2 openssl verify -x509_strict -crl_check -CAfile data/ca.pem \
  -CRLfile trial.crl "./issued/${id[2]}.pem"
cat err >>out
out_has 'certificate revoked'
works chancery keys ca issue "${id[2]}" --subject "$subject"
err_has 'ca-url'
state_is 2 valid

say 'a changed passphrase opens the authority as well'
echo 'the second one' >second
chmod 600 second
works chancery keys passphrase --new-passphrase-file second
works chancery keys ca issue "${id[0]}" --subject "$subject" \
  --passphrase-file second
export CHANCERY_PASSPHRASE='the second one'

say 'retired keys get none'
works chancery keys retire "${id[1]}"
fails chancery keys ca issue "${id[1]}" --subject "$subject"
err_has 'retired'
fails chancery keys certificates import 1.pem middle.pem --ca root.pem
err_has 'retired'
works chancery keys ca issue --all --subject "$subject"
out_has 'for 2 keys'

say 'PKCS#12: key, certificate and chain at once'
openssl genpkey -algorithm ec -pkeyopt "$p256" -out p12.key 2>/dev/null
openssl req -new -key p12.key -subj /C=EE/O=Test/CN=p12 -out p12.csr
works openssl x509 -req -in p12.csr -CA middle.pem -CAkey middle.key \
  -CAcreateserial -days 60 -extfile ca.cnf -extensions seal -out p12.pem
pack() {
  works openssl pkcs12 -export -inkey p12.key -in p12.pem \
    -certfile middle.pem -passout pass:secret "$@"
}
pack -legacy -out legacy.p12
pack -out good.p12
echo secret >p12.pass
chmod 600 p12.pass
fails chancery keys import --p12 legacy.p12 --p12-passphrase-file p12.pass \
  --ca root.pem
err_has 'RC2.*too old'
fails chancery keys import --p12 good.p12 --p12-passphrase-file wrong.pass \
  --ca root.pem
err_has 'passphrase does not fit'
fails chancery keys import --p12 good.p12 --p12-passphrase-file p12.pass \
  --ca rsaroot.pem
err_has 'no chain leads'
fails chancery keys import --p12 0.pem --p12-passphrase-file p12.pass
err_has 'no PKCS#12 file'
works chancery keys list --json
[[ $(grep -oE '"id"' out | wc -l) == 3 ]] || fail 'a key was added'
misused chancery keys import
misused chancery keys import p12.key --p12 good.p12
works chancery keys import --p12 good.p12 --p12-passphrase-file p12.pass \
  --ca root.pem
err_has 'warning: .*elsewhere'
works chancery keys certificates list
out_has ' valid .*CN=p12,O=Test,C=EE'
CHANCERY_P12_PASSPHRASE=secret fails chancery keys import --p12 good.p12 \
  --ca root.pem
err_has 'already'

say 'a keyring for raw records'
works chancery init --keys 1 --data raw
for command in "csr --all --out raws --subject CN=a" \
  "certificates import 0.pem --ca root.pem" "certificates list" \
  "certificates export --out raws" "crl import 4.crl" "ca init --name CN=a" \
  "ca issue --all --subject CN=a" "ca revoke x --reason superseded" \
  "ca crl --out raw.crl"; do
  # shellcheck disable=SC2086
  fails chancery keys $command --data raw
  err_has 'chancery init --purpose seal'
  [[ $(wc -l <err) == 1 ]] || fail 'more than one sentence'
done
[[ ! -e raws && ! -e raw.crl && ! -e raw/ca.jwe ]] || fail 'something was left'
works chancery keys list --json --data raw
! grep -q certificate out || fail 'a raw key has a certificate'

say 'beside a service: stored at once, used from its next epoch on'
serves --no-ledger --open-loopback
works chancery keys certificates import 0.pem middle.pem --ca root.pem
err_has "process $server\).*kill -HUP $server"
works chancery keys ca revoke "${id[0]}" --reason superseded
err_has "kill -HUP $server"
works chancery keys crl import 4.crl
err_has "kill -HUP $server"
fails chancery keys csr --all --out busy --subject "$subject"
err_has 'in use by .chancery serve'
[[ ! -e busy ]] || fail 'a folder was left'
ends

say 'a thousand keys'
works chancery init --keys 1000 --purpose seal --data many
works chancery keys ca init --name 'C=EE,O=Trial AS,CN=Trial CA' --data many
works chancery keys csr --all --out many-csr --subject "$subject" --data many
works chancery keys ca issue --all --subject "$subject" --data many
works chancery keys certificates export --out many-pem --data many
cat many-pem/*.pem >many.pem
works chancery keys certificates import many.pem --ca many/ca.pem --data many \
  --json
json unchanged 1000
[[ $(wc -l <err) -le 3 ]] || fail 'the same warning again and again'
works chancery keys ca revoke --all --reason superseded --data many
out_has '1,000 certificates of 1,000 keys'
