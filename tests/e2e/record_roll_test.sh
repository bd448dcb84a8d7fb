#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The end of a year: all keys of a service that gets records all the time give
# way to new ones. No request is refused meanwhile, and from the next epoch on
# the new keys alone sign.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source "$here/serving.sh"
source "$here/posting.sh"

active() {
  works chancery keys list --json
  grep -oP '"id":"\K[^"]+(?=","curve":"[^"]*","state":"active")' out
}

# posts_on WORD: records, one after the other, until ./posting is gone.
posts_on() {
  local n=0
  while [[ -e posting ]]; do
    n=$((n + 1))
    echo "{\"name\":\"$1-$n\",\"text\":\"$1 $n\"}" >"$1.record"
    curl -sS -o "$1.answer" -w '%{http_code}\n' --data-binary "@$1.record" \
      -H 'Content-Type: application/json' "$url/v1/records" >>"$1.codes" \
      2>>"$1.codes"
  done
}

# more_answers COUNT: that each of the two gets so many more.
more_answers() {
  local word wanted
  for word in first second; do
    wanted=$(($(wc -l <"$word.codes") + $1))
    until_true has_lines "$word.codes" "$wanted"
  done
}
has_lines() { (($(wc -l <"$1") >= $2)); }

works chancery init --keys 10
active >old
[[ $(wc -l <old) == 10 ]] || fail 'not ten keys'
serves --max-wait 20 --no-ledger
touch posting
for word in first second; do
  : >"$word.codes"
  posts_on "$word" &
  others+=($!)
done

say 'new keys come, the old ones go'
more_answers 20
works chancery keys add 10
err_has "kill -HUP $server"
while read -r key; do
  works chancery keys retire "id:$key"
done <old
active >new
[[ $(sort old new | uniq -u | wc -l) == 20 ]] || fail 'not ten other keys'
more_answers 5
asks 200 /v1/signing
answered epoch 1
kill -HUP "$server"
until_true signing_says epoch 2
more_answers 20
passes_audit
json beside "$server"
json epochs 2

say 'once more, with the same keys'
kill -HUP "$server"
until_true signing_says epoch 3
more_answers 10
rm posting
wait "${others[@]}"
others=()
all_signed
ends

say 'no request was refused, and each key signed in its time'
cat first.codes second.codes >codes
count=$(wc -l <codes)
[[ $(sort -u codes) == 201 ]] || fail "answers: $(sort codes | uniq -c)"
works chancery export
[[ $(wc -l <out) == "$count" ]] || fail "not $count signatures"
sed -E 's/.*"key":"([^"]+)".*"lease":"([0-9]+)\..*/\2 \1/' out | sort -u >uses
grep -P '^1 ' uses | cut -d' ' -f2 >early
grep -P '^[23] ' uses | cut -d' ' -f2 | sort -u >late
[[ -s early && -s late ]] || fail 'an epoch has no batch'
! grep -qvP '^[123] ' uses || fail 'there are other epochs'
! grep -qvxFf old early || fail 'a new key signed before the first roll'
! grep -qvxFf new late || fail 'an old key signed after the first roll'
passes_audit
json signatures "$count"
json epochs 3

say done
