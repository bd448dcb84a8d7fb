#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# `check`, of seals that the openssl command line made.
verify_seal=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../apps/records/verify_seal.sh")
readme=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../apps/README.md")
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

# make_authority NAME
make_authority() {
  openssl req -x509 "${new_key[@]}" -keyout "$1.key" -out "$1.pem" -days 9 \
    -subj "/C=EE/O=Tests AS/CN=Tests trial CA" \
    -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign 2>log
}

# issue NAME AUTHORITY EXTENSION...
issue() {
  local name=$1 authority=$2
  shift 2
  printf '%s\n' subjectKeyIdentifier=hash authorityKeyIdentifier=keyid \
    basicConstraints=critical,CA:FALSE "$@" >extensions
  openssl req -new "${new_key[@]}" -keyout "$name.key" -out "$name.csr" \
    -subj "/C=EE/O=Tests AS/CN=$name" 2>log
  openssl x509 -req -in "$name.csr" -CA "$authority.pem" \
    -CAkey "$authority.key" -days 8 -extfile extensions -out "$name.pem" 2>log
}

base64url() { openssl base64 -A | tr -- +/ -_ | tr -d =; }
der() { openssl x509 -in "$1.pem" -outform DER; }

# sign_text NAME TEXT: the signature, r and s, in base64url
sign_text() {
  local number
  printf %s "$2" | openssl dgst -sha256 -sign "$1.key" \
    | openssl asn1parse -inform DER | sed -nE 's/.*INTEGER +:(.*)/\1/p' \
    | while read -r number; do
      number=$(printf '%64s' "$number" | tr ' ' 0)
      printf '%b' "$(sed 's/../\\x&/g' <<<"$number")"
    done | base64url
}

# header NAME TIME
header() {
  printf '{"alg":"ES256","x5t#S256":"%s","x5c":["%s"],"iat":%s}' \
    "$(der "$1" | openssl dgst -sha256 -binary | base64url)" \
    "$(der "$1" | openssl base64 -A)" "$2"
}

# seal NAME TIME RECORD: compact, on stdout
seal() {
  local input
  input=$(header "$1" "$2" | base64url).$(printf %s "$3" | base64url)
  printf %s "$input.$(sign_text "$1" "$input")"
}

make_authority ca
make_authority other
usual=('keyUsage=critical,nonRepudiation'
  'authorityInfoAccess=caIssuers;URI:http://127.0.0.1/ca.cer'
  'crlDistributionPoints=URI:http://127.0.0.1/ca.crl')
issue signer ca "${usual[@]}"
now=$(date +%s)
seal signer "$now" 'a record' >good.jws

say 'a good seal'
works chancery check good.jws --ca ca.pem
no_err
out_has '^good.jws: valid$'
out_has '^  signature    valid$'
out_has '^  level        B-B$'
out_has '^  subject      CN=signer,O=Tests AS,C=EE$'
out_has '^  record       8 bytes$'
out_has '^  warning      no list of revocations was given'
works chancery check good.jws --ca ca.pem --json
json verdict '"valid"'
json file '"good.jws"'
json record_size 8
works sh "$verify_seal" ca.pem good.jws
out_is 'a record'
from_input() { chancery check - --ca ca.pem <good.jws; }
works from_input
out_has '^-: valid$'

say 'the script in the README is the one that was run'
sed -nE '/^    #!.bin.sh$/,/^$/s/^    //p' "$readme" | grep -v '^#' >in_readme
works diff in_readme <(grep -v '^#' "$verify_seal")

say 'python3-jwcrypto takes it with the key of its certificate'
python=/usr/bin/python3
if "$python" -c 'import jwcrypto' 2>/dev/null; then
  openssl x509 -in signer.pem -pubkey -noout >key.pem
  cat >verify.py <<'END'
import sys
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
jws = JWS()
jws.deserialize(open(sys.argv[1]).read())
jws.verify(JWK.from_pem(open('key.pem', 'rb').read()))
print(jws.payload.decode())
END
  works "$python" verify.py good.jws
  out_is 'a record'
else
  echo 'skipped: python3-jwcrypto is missing'
fi

say 'several files, and several roots'
seal signer "$now" 'another' >second.jws
works chancery check good.jws second.jws --ca other.pem --ca ca.pem --json
[[ $(grep -c '"verdict":"valid"' out) == 2 ]] || fail 'expected two objects'

say 'changed, cut, of another record'
sed 's/^\(.*\)\.\(.*\)\..*/\1.\2./' good.jws >cut.jws
tr -d '\n' <good.jws | sed 's/[A-Za-z0-9]$/=/' >changed.jws
printf '%s\n' "$(<good.jws)" >line.jws
for each in cut changed line; do
  fails chancery check $each.jws --ca ca.pem
  out_has "^$each.jws: invalid$"
  out_has '^  rule [17]       '
  err_has '1 of 1 are not valid'
done
fails chancery check good.jws second.jws line.jws --ca ca.pem
err_has '1 of 3 are not valid'
out_has 'line end'

say 'without a root, under another, late'
expect 3 chancery check good.jws
out_has '^  certificate  untrusted$'
err_has 'add --ca ROOT.pem'
expect 3 chancery check good.jws --json
json verdict '"indeterminate"'
fails chancery check good.jws --ca other.pem
out_has '^  rule 12 '
fails chancery check good.jws --ca ca.pem --at 2099-01-01T00:00:00Z
out_has '^  certificate  expired$'
works chancery check good.jws --ca ca.pem --at iat
out_has '^  warning      the certificate is judged at the time'
misused chancery check good.jws --ca ca.pem --at tomorrow
err_has 'neither a time such as'

say 'revocation'
touch index
printf '%s\n' '[ca]' default_ca=a '[a]' database=index crlnumber=number \
  default_md=sha256 default_crl_days=9 >ca.cnf
echo 01 >number
openssl ca -config ca.cnf -gencrl -cert ca.pem -keyfile ca.key -out empty.crl \
  2>log
works chancery check good.jws --ca ca.pem --crl empty.crl
[[ $(grep -c warning out) == 0 ]] || fail 'a warning'
openssl ca -config ca.cnf -revoke signer.pem -cert ca.pem -keyfile ca.key \
  -crl_reason keyCompromise 2>log
openssl ca -config ca.cnf -gencrl -cert ca.pem -keyfile ca.key \
  -out revoked.crl 2>log
fails chancery check good.jws --ca ca.pem --crl revoked.crl \
  --at 2099-01-01T00:00:00Z
later=$(date -u -d "+1 hour" +%Y-%m-%dT%H:%M:%SZ)
fails chancery check good.jws --ca ca.pem --crl revoked.crl --at "$later"
out_has '^  certificate  revoked$'

say 'a record outside'
input=$(header signer "$now" | base64url)
record=$(printf %s 'a record' | base64url)
printf %s "$input..$(sign_text signer "$input.$record")" >detached.jws
printf %s 'a record' >record
printf %s 'another' >another
fails chancery check detached.jws --ca ca.pem
out_has 'rule 7 .*the payload is missing'
works chancery check detached.jws --ca ca.pem --record record
fails chancery check detached.jws --ca ca.pem --record another
misused chancery check good.jws second.jws --ca ca.pem --record record
err_has '--record is for one seal'

say 'files that cannot be checked'
fails chancery check none.jws --ca ca.pem
err_has 'none.jws'
der signer >seal.p7s
fails chancery check seal.p7s --ca ca.pem
err_has 'CAdES signatures .* cannot be checked yet'
fails chancery check good.jws seal.p7s --ca ca.pem --json
[[ $(grep -c '"error":"CAdES' out) == 1 && $(wc -l <out) == 2 ]] \
  || fail 'expected an error and a verdict'
cp good.jws record.ers
fails chancery check record.ers --ca ca.pem
err_has 'evidence records'
fails chancery check good.jws --ca good.jws
err_has 'cannot use good.jws'
truncate -s 33M large.jws
fails chancery check large.jws --ca ca.pem
err_has 'longer than'
misused chancery check
misused chancery check --ca ca.pem

say 'a key usage that seals do not have is a warning'
issue plain ca keyUsage=critical,digitalSignature
seal plain "$(date +%s)" 'a record' >plain.jws
works chancery check plain.jws --ca ca.pem
out_has '^  certificate  warning$'
out_has 'but not non-repudiation'

say done
