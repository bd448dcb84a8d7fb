#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A peer with a certificate and without the keyring attacks a coordinator, and
# then a node, with TLS and frames of its own. It costs them little: memory,
# descriptors, time and lines of log are counted. Others are served meanwhile.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
peer=$(realpath "$2")

makes_cluster 8 w1 evil
works chancery cluster issue office --role node
works chancery cluster issue reader --role client
works chancery cluster issue rogue --role client

victim= # the process that is attacked; its stderr is victim.err

memory_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/$victim/status"; }
descriptors() { find "/proc/$victim/fd" -maxdepth 1 -type l | wc -l; }
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$victim/stat"; }
few_descriptors() { (($(descriptors) < files + 10)); }

# attacks MANNER SECONDS CERTIFICATE: what it saw is in ./attack.
attacks() {
  local manner=$1 seconds=$2 lines
  say "$manner"
  lines=$(wc -l <victim.err)
  files=$(descriptors)
  local before ticks
  before=$(memory_kib)
  ticks=$(cpu_ticks)
  typed="hostile_peer $manner"
  "$peer" "$port" "$3" "$manner" "$seconds" >attack 2>err \
    || fail 'the attack did not run'
  kill -0 "$victim" || fail 'the attacked process has ended'
  # A sanitizer keeps what was freed, up to 256 MiB.
  (($(memory_kib) < before + 400 * 1024)) \
    || fail "it grew from $before to $(memory_kib) KiB"
  until_true few_descriptors
  # Ten lines a second, one for those that were left out, and some patience.
  (($(wc -l <victim.err) < lines + 12 * (seconds + 20))) \
    || fail 'too many lines of log'
  # Of two cores; a sanitizer is slow.
  (($(cpu_ticks) - ticks < 100 * 2 * (seconds + 20))) \
    || fail 'it took too much time'
  ! LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f-\xff]' victim.err \
    || fail 'control characters in the log'
  ! grep -q '^chancery: all is well' victim.err || fail 'a forged line'
  ! LC_ALL=C grep -qE '.{500}' victim.err || fail 'a long line in the log'
}

saw() {
  local number
  number=$(awk -v name="$1" '$1 == name { print $2 }' attack)
  (($number $2)) || fail "$1 is $number, and not $2"
}

# attacked_with_links CERTIFICATE, attacked_with_messages CERTIFICATE
attacked_with_links() {
  attacks headers 2 "$1"
  saw longest '<= 262144'
  attacks links 60 "$1"
  saw let_in '== 16'
  saw told '== 24'
  saw open '== 0'
  grep -q 'did not complete its greeting in 10 s' victim.err || fail 'no word'
}

attacked_with_messages() {
  attacks unexpected 1 "$1"
  attacks shouting 1 "$1"
  saw links '>= 1'
}

say 'a coordinator'
more_records 4000
coordinates 0 --batch-size 100 --lease-ms 3000
victim=$coordinator
ln -sf coordinator.err victim.err
attacked_with_links evil
attacks drip 60 evil
saw open '== 0'
attacked_with_messages evil
attacks answers 1 evil
[[ ! -s coordinator.out ]] || fail 'something was written to stdout'
say 'a worker gets through'
"$peer" "$port" evil silent 3 >attack 2>&1 &
flood=$!
joins w1 --once
coordinator_ends 0
json left 0
worker_ends w1 0
kill "$flood" 2>/dev/null || true
wait "$flood" 2>/dev/null || true
passes_audit

say 'a node'
works chancery node --keys
echo 'no name' >lost.txt
fails chancery node --listen 127.0.0.1:0 --cluster office --deny lost.txt
err_has 'cannot use lost.txt: line 1 is neither'
misused chancery node --deny lost.txt --stdin
echo '# nobody yet' >lost.txt
: >node.err # the process below may make it later than it is read
"$binary" node --listen 127.0.0.1:0 --cluster office --deny lost.txt \
  >node.out 2>node.err &
coordinator=$! # ended like one
victim=$coordinator
ln -sf node.err victim.err
node_listens() {
  port=$(grep -oE '127\.0\.0\.1:[0-9]+' node.err | head -n 1 | cut -d: -f2)
  [[ -n $port ]]
}
until_true node_listens
attacked_with_messages rogue
[[ ! -s node.out ]] || fail 'something was written to stdout'
works chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message '{"still":"served"}'

say 'a host that is denied while it is connected'
: >client.err
"$binary" client --connect "127.0.0.1:$port" --cluster rogue --clients 2 \
  --duration 600 >client.out 2>client.err &
workers[client]=$!
linked() { grep -q 'connected to' client.err; }
until_true linked
echo rogue >new.txt
mv new.txt lost.txt
denied() { grep -q 'hosts of the name rogue are denied here' "$1"; }
until_true denied node.err
killed client
: >client.err
"$binary" client --connect "127.0.0.1:$port" --cluster rogue --clients 2 \
  --duration 600 >client.out 2>client.err &
workers[client]=$!
until_true denied client.err
works chancery client --connect "127.0.0.1:$port" --cluster reader \
  --message '{"still":"served"}'
killed client
told_to_end "$coordinator"
wait "$coordinator"
coordinator=
