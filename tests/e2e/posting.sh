# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the scripts that post records to `chancery serve` share. To be sourced
# after serving.sh. No wait here fails before ten minutes, so that slow machines
# pass; ctest's limit ends a test that hangs.

others=() # further processes, which end with the script
end_others() {
  local status=$? pid
  for pid in "${others[@]}"; do
    kill -9 "$pid" 2>/dev/null || true
  done
  set +e
  (exit "$status")
  finish
}
trap end_others EXIT

# asks STATUS PATH CURL-OPTIONS...: the answer is in `out`, its head in `head`.
asks() {
  local wanted=$1 path=$2
  shift 2
  typed="curl $path $*"
  code=$(curl -sS -D head -o out -w '%{http_code}' "$@" "$url$path" 2>err) \
    || fail 'curl failed'
  [[ $code == "$wanted" ]] || fail "expected status $wanted, not $code"
}

# posts STATUS TYPE FILE [PATH]: to /v1/records, or another path.
posts() {
  asks "$1" "${4:-/v1/records}" -H "Content-Type: $2" --data-binary "@$3"
}

# answered MEMBER VALUE: the last answer has it.
answered() { out_has "\"$1\":$2[,}]"; }

octets=application/octet-stream
lines=application/x-ndjson

# makes_lines COUNT WORD: records without names, each with other bytes.
makes_lines() {
  local i
  for ((i = 0; i < $1; ++i)); do
    echo "{\"text\":\"$2 $i\"}"
  done
}

# until_true COMMAND...: repeats it until it succeeds.
until_true() {
  local _
  for _ in {1..6000}; do
    ! "$@" || return 0
    sleep 0.1
  done
  fail "this never succeeded: $*"
}

# signing_says MEMBER VALUE: of GET /v1/signing.
signing_says() {
  curl -sS "$url/v1/signing" >signing || return 1
  [[ $(number "$1" signing) == "$2" ]]
}

all_signed() { until_true signing_says unsigned 0; }

# stored COUNT: so many records are stored.
stored() {
  asks 200 /v1/signing
  [[ $(number records) == "$1" ]] || fail "not $1 records: $(<out)"
}

one_sentence() {
  [[ $(grep -c '^chancery: ' err) == 1 && $(wc -l <err) == 1 ]] \
    || fail 'not one sentence'
}

passes_audit() {
  works chancery audit --json
  json passed true
}
