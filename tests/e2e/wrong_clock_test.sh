#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A clock that cannot be right is refused before anything is made; one that was
# ahead once is reported for as long as it matters.
#
#   CHANCERY_CLOCKS='0 100 9300000000'   other seconds since 1970
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
library=$(realpath "$2")
export CHANCERY_DATA=data

# under VARIABLE=VALUE COMMAND...: with that clock (wrong_clock.cpp).
under() {
  local clock=$1
  shift
  env "$clock" LD_PRELOAD="$library" \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$@"
}

works chancery init --keys 2
works chancery cluster init
works chancery cluster issue host --role worker
works chancery cluster issue node --role node
works chancery cluster issue reader --role client
works chancery keys bundle --out bundle
works chancery node --keys
cp out node.keys
works chancery client init --client client --node-keys node.keys
works chancery records seed --count 10
echo record >lines
find . -type f ! -name out ! -name err -exec sha256sum {} + | sort >before

refused() {
  fails under "CLOCK_AT=$clock" "$binary" "$@"
  err_has "^chancery: this host's clock shows an implausible time, "
  [[ $(wc -l <err) == 1 ]] || fail 'more than one sentence'
}

for clock in ${CHANCERY_CLOCKS:--1000000000 20000000000}; do
  say "a clock at $clock s"
  refused init --data other
  refused keys add 1
  refused keys bundle --out other.bundle
  refused cluster init --data data
  refused cluster issue other
  refused records seed --count 1
  refused records import lines --format lines
  refused sign
  refused node --stdin
  refused node --data other
  refused client init --client other --node-keys node.keys
  refused client register --client client
  refused client seal 1 --client client
  refused client --connect 127.0.0.1:9 --cluster reader --message 1
  refused worker --connect 127.0.0.1:9 --cluster host --keyring bundle
  refused simulate signing --records 10
  works under "CLOCK_AT=$clock" "$binary" status
  fails under "CLOCK_AT=$clock" "$binary" cluster show host
  err_has "host: this host's clock shows an implausible time"
done
find . -type f ! -name out ! -name err ! -name before \
  -exec sha256sum {} + | sort >after
# A reader registers in these, and a lock names its last owner.
diff <(grep -vE 'lock|before' before) <(grep -vE 'lock|after' after) >out \
  || fail 'something was made or changed'

say 'a ledger whose clock was ahead'
works chancery client register --client client
cp out first
works chancery client seal 1 --client client
cp out second
# shellcheck disable=SC2016 # the dollars are the inner shell's
works under CLOCK_BY=$((900 * 86400)) bash -c \
  'cat first second | "$0" node --stdin' "$binary"
! grep -q ahead err || fail 'an empty ledger is ahead'
cp out answers
works chancery client accept --client client answers
works chancery node --stdin
err_has "the ledger's last time, .*, is (899|900) days ahead of this host's clock"
works chancery status
out_has 'Ledger +1 messages'
out_has "is (899|900) days ahead of this host's clock: until the clock has passed it"
works chancery status --json
ahead=$(number seconds_ahead)
((ahead > 899 * 86400 && ahead <= 900 * 86400)) || fail 'it is not 900 days'
works under CLOCK_BY=$((901 * 86400)) "$binary" status --json
json seconds_ahead 0
json warning null
