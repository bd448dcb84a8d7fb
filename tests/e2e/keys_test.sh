#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The keyring: adding and retiring keys, and changing the passphrase.
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
export CHANCERY_DATA=data

works chancery init --keys 3
works chancery records seed --count 300
works chancery sign --batch-size 10

ids() {
  works chancery keys list --json
  grep -oE '"id":"[^"]*"' out | cut -d'"' -f4
}
mapfile -t id < <(ids)

say 'uses and last use agree with the batches'
works chancery keys list --json
json curve '"P-256"'
total=$(grep -oE '"uses":[0-9]+' out \
  | awk -F: '{ n += $2 } END { print n }')
[[ $total == 300 ]] || fail "uses add up to $total"
out_has '"state":"active","uses":[0-9]+,"batches":[0-9]+,"last_used":"20'

say 'add'
works chancery keys add 2
out_has 'added 2 keys; the keyring has 5 now'
works chancery keys add 1 --json
json keys 6
out_has '"added":\["[A-Za-z0-9_-]{43}"\]'
[[ $(ids | wc -l) == 6 ]] || fail 'expected six keys'
for wrong in 0 -1 abc 100001; do
  misused chancery keys add "$wrong"
done
misused chancery keys add

say 'retire, by the whole id and by a prefix'
works chancery keys retire "${id[0]}" --json
json retired "\"${id[0]}\""
json active 5
works chancery keys retire "${id[0]}"
works chancery keys retire "id:${id[1]:0:12}"
out_has "^${id[1]} signs no more"
fails chancery keys retire 'no such key'
err_has 'there is no key'
fails chancery keys retire id:
works chancery keys list
[[ $(grep -c ' retired ' out) == 2 ]] || fail 'expected two retired keys'
works chancery records seed --count 300
works chancery sign --batch-size 1
works chancery verify
works chancery audit
chancery export | tail -300 >last
! grep -qF -e "${id[0]}" -e "${id[1]}" last || fail 'a retired key signed'

say 'all retired'
while read -r each; do
  works chancery keys retire "$each"
done < <(ids)
err_has 'no key is active'
works chancery sign
out_has 'all 600 records are signed'
works chancery records seed --count 3
fails chancery sign
err_has 'no key is active.*chancery keys add'
works chancery keys add 1
works chancery sign
works chancery audit

say 'a changed passphrase removes the file that init made'
echo 'the second one' >second
fails chancery keys passphrase
err_has 'no new passphrase'
works chancery keys passphrase --new-passphrase-file second
out_has 'held the old one and is removed'
[[ ! -e data/passphrase ]] || fail 'the old passphrase is still there'
chmod 600 second
fails chancery keys add 1
err_has 'no passphrase'
works chancery keys add 1 --passphrase-file second
no_err
CHANCERY_PASSPHRASE='the second one' works chancery keys add 1
CHANCERY_PASSPHRASE='the second one' \
  CHANCERY_NEW_PASSPHRASE='the third one' \
  works chancery keys passphrase --json
json changed true
json removed_passphrase_file false
fails chancery keys add 1 --passphrase-file second
err_has 'tried: the passphrase from second'
export CHANCERY_PASSPHRASE='the third one'
works chancery keys add 1
chmod 644 second
fails chancery keys add 1 --passphrase-file second
err_has 'warning: second .* chmod 600 second'

say 'a passphrase given to init is used and not stored'
works chancery init --data own --keys 1
out_has 'created with 1 keys'
[[ ! -e own/passphrase ]] || fail 'the passphrase was stored'
works chancery keys add 1 --data own
unset CHANCERY_PASSPHRASE
fails chancery keys add 1 --data own
# Never in argv: there is no option that takes the passphrase itself.
misused chancery keys add 1 --passphrase x

say 'verify, audit, status, export and list need no passphrase'
for command in verify audit status export 'keys list' 'records count'; do
  # shellcheck disable=SC2086
  works chancery $command
done

say 'prompts at a terminal'
if command -v script >/dev/null; then
  # at_terminal COMMAND [PROMPT ANSWER]...: waits for each prompt, as input
  # typed earlier is discarded.
  at_terminal() {
    typed="$1, at a terminal" code=0
    local prompt
    rm -f keyboard
    : >out # prompts of an earlier command must not count
    mkfifo keyboard
    timeout 60 script -qec "$binary $1" /dev/null <keyboard >out 2>err &
    exec 3>keyboard
    shift
    while (($# > 0)); do
      prompt=$1
      for _ in {1..600}; do
        ! grep -qF "$prompt: " out || break
        sleep 0.05
      done
      out_has "$prompt: "
      echo "$2" >&3
      shift 2
    done
    wait $! || code=$?
    exec 3>&-
    for answer in 'the third one' 'new one' 'other'; do
      ! grep -qF "$answer" out || fail 'the typed passphrase was echoed'
    done
  }
  at_terminal 'keys add 1' 'Passphrase of data/keyring.jwe' 'the third one'
  out_has 'added 1 keys'
  [[ $code == 0 ]] || fail 'expected exit code 0'
  export CHANCERY_PASSPHRASE='the third one'
  at_terminal 'keys passphrase' 'New passphrase' 'new one' \
    'Repeat the passphrase' 'other'
  out_has 'the two passphrases differ'
  [[ $code == 1 ]] || fail 'expected exit code 1'
  at_terminal 'keys passphrase' 'New passphrase' 'new one' \
    'Repeat the passphrase' 'new one'
  out_has 'the passphrase is changed'
  CHANCERY_PASSPHRASE='new one' works chancery keys add 1
  say 'the progress line is rewritten in place'
  works chancery records seed --count 8000
  export CHANCERY_PASSPHRASE='new one'
  at_terminal 'sign --crypto-provider botan --signers 1'
  out_has $'\r\e\\[Ksigning: [0-9,]+ of 8,6[0-9]+ \\([0-9.]+%\\), '
  out_has ' of [0-9]+ keys out'
else
  skipped 'script(1), which makes a terminal, is not installed'
fi
