#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A coordinator and a worker that lies, as processes over loopback: nothing
# wrong is stored, the liar is refused by name for the rest of the run, and
# others finish the work.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/expect.sh"
source "$here/cluster.sh"
hostile=$(realpath "$2")

makes_cluster 8 w1 w2 w3

# lies NAME CERTIFICATE MANNER [HONEST]: a hostile worker in the background.
lies() {
  local name=$1
  : >"$name.err" # the process below may make it later than it is read
  "$hostile" "$port" "$2" keys.bundle keys.bundle.passphrase "${@:3}" \
    >"$name.out" 2>"$name.err" &
  workers[$name]=$!
}

noted() { grep -qE -- "$1" coordinator.err; }

# all_right: no wrong signature is stored, which the audit verifies.
all_right() { passes_audit; }

# refuses MANNER [HONEST]: w1 lies in this manner and is refused; the
# coordinator, which has no signer, waits for w2, which signs everything.
refuses() {
  say "$*"
  no_records
  more_records 3000
  coordinates 0 --batch-size 1000 --lease-ms 3000
  lies w1 w1 "$@"
  worker_ends w1 3
  err_has 'refused for the rest of the run: .* wrong'
  until_true noted 'worker w1 is refused for the rest of this run'
  until_true noted 'waiting for another worker'
  lies again w1 honest
  worker_ends again 3
  err_has 'refused for the rest of the run'
  until_status units_wrong 1
  joins w2 --once
  coordinator_ends 0
  json left 0
  json wrong 0
  grep -qE '"refused_workers":\[\{"worker":"w1","why":"[^"]+"\}\]' out \
    || fail 'the answer does not name who was refused'
  worker_ends w2 0
  all_right
}

refuses garbage 2
refuses one_wrong
refuses other_digests
refuses other_batch 1

say 'one wrong signature of 10,000'
no_records
more_records 20000
coordinates 0 --batch-size 10000 --lease-ms 9000
lies w1 w1 one_wrong
worker_ends w1 3
err_has '1 of 10000 signatures'
joins w2 --once
coordinator_ends 0
worker_ends w2 0
all_right

say 'two workers with one certificate: both are refused'
no_records
more_records 10000
coordinates 0 --batch-size 1000 --lease-ms 3000
joins_as twin w1 --crypto-provider botan --signers 1 # takes its time
until_word twin 'connected to'
lies w1 w1 garbage 3 # of which two have no verdict at most when it lies
worker_ends w1 3
worker_ends twin 1
err_has 'refused for the rest of the run'
joins w2 --once
coordinator_ends 0
# What the two had stored before was verified once more.
err_has '[1-9][0-9,]* signatures that refused workers had stored before are right'
worker_ends w2 0
all_right

say 'what is not a result is not taken, and refuses nobody'
for manner in other_range cut_short slow; do
  no_records
  more_records 2000
  coordinates 0 --batch-size 1000 --lease-ms 1000
  lies w1 w1 "$manner"
  joins w2
  coordinator_ends 0
  grep -qF '"refused_workers":[]' out || fail 'somebody was refused'
  worker_told_to_end w2 0
  wait "${workers[w1]}" || true # some see the end, others lose the connection
  unset 'workers[w1]'
  all_right
done

say 'paranoid overrides the sample'
no_records
more_records 4000
coordinates 0 --batch-size 1000 --verify-workers sample --paranoid \
  --lease-ms 3000
lies w1 w1 one_wrong
worker_ends w1 3
joins w2 --once
coordinator_ends 0
err_has '0 signatures that refused workers had stored before are right'
worker_ends w2 0
all_right

# One wrong signature of a unit is not in the sample 15 times of 16.
say 'a sample misses some: the end of the run finds them, repair mends them'
for _ in {1..8}; do
  no_records
  more_records 6000
  coordinates 0 --batch-size 1000 --verify-workers sample \
    --lease-ms 3000
  lies w1 w1 worse
  worker_ends w1 3
  joins w2 --once
  ended=0
  wait "$coordinator" || ended=$?
  coordinator=
  worker_ends w2 0
  cp coordinator.err err
  ((ended == 0)) || break
done
typed='sign --verify-workers sample'
code=$ended
((code == 1)) || fail 'the sample found every single one'
err_has 'signatures that refused workers had stored before are wrong'
err_has 'chancery repair'
fails chancery verify
fails chancery audit
fails chancery repair --json
wrong_ids=$(grep -oE '"record":[0-9]+' out | cut -d: -f2 | paste -sd,)
works chancery repair --withdraw "$wrong_ids" --because 'w1 lied'
works chancery sign
all_right
