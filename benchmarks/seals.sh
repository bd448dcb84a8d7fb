#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Seals against raw signatures: the whole job of `simulate signing` with records
# of 128 bytes, then verify, audit and export of what it left. The two take
# turns and change places with every repetition; the figures are medians, and
# medians of the ratios within a repetition.
#
#   benchmarks/seals.sh CHANCERY [--records 1000000] [--repeat 5]
set -euo pipefail

binary=$1
records=1000000
repeat=5
shift
while (($# > 0)); do
  case $1 in
    --records) records=$2 ;;
    --repeat) repeat=$2 ;;
    *) echo "seals.sh: unknown option $1" >&2 && exit 2 ;;
  esac
  shift 2
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rows=$work/rows

# cpu COMMAND...: user and system seconds of it.
cpu() {
  local TIMEFORMAT='%U %S'
  { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}

note() { echo "$1 $2 $3 $4" >>"$rows"; } # repetition, purpose, what, figure

# member NAME: of the answer in $work/answer.
member() { grep -oE "\"$1\":[0-9.]+" "$work/answer" | cut -d: -f2; }

job() {
  local turn=$1 purpose=$2 folder=$work/$2
  rm -rf "$folder"
  "$binary" simulate signing --json --purpose "$purpose" --size 128 \
    --records "$records" --keep "$folder" >"$work/answer" 2>/dev/null
  note "$turn" "$purpose" rate "$(member records_per_second)"
  note "$turn" "$purpose" sign_us "$(member cpu_us_per_record)"
  note "$turn" "$purpose" mebibytes \
    "$(du -k "$folder/records/data.mdb" | awk '{ print $1 / 1024 }')"
  note "$turn" "$purpose" verify_s "$(cpu "$binary" verify --data "$folder")"
  note "$turn" "$purpose" audit_s "$(cpu "$binary" audit --data "$folder")"
  note "$turn" "$purpose" export_s \
    "$(cpu "$binary" export --data "$folder" --out "$work/export" \
      $([[ $purpose == raw ]] || echo --lines))"
  note "$turn" "$purpose" export_bytes \
    "$(($(stat -c %s "$work/export") / records))"
}

for ((turn = 1; turn <= repeat; ++turn)); do
  order=(raw seal)
  ((turn % 2 == 1)) || order=(seal raw)
  for purpose in "${order[@]}"; do
    job "$turn" "$purpose"
  done
done

echo "$records records of 128 bytes, medians of $repeat:"
awk '
  function median(list, n, i, j, t) {
    for (i = 2; i <= n; ++i)
      for (j = i; j > 1 && list[j - 1] > list[j]; --j) {
        t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
      }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
  }
  { figure[$2, $3, $1] = $4; if (!($3 in seen)) { seen[$3]; what[++m] = $3 }
    if ($1 > turns) turns = $1 }
  END {
    printf "%-14s %12s %12s %12s\n", "", "raw", "seals", "seals/raw"
    for (k = 1; k <= m; ++k) {
      for (i = 1; i <= turns; ++i) {
        raw[i] = figure["raw", what[k], i]
        seal[i] = figure["seal", what[k], i]
        ratio[i] = raw[i] > 0 ? seal[i] / raw[i] : 0
      }
      printf "%-14s %12.3f %12.3f %12.3f\n", what[k], median(raw, turns),
        median(seal, turns), median(ratio, turns)
    }
  }' "$rows"
