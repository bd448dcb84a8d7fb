# SPDX-License-Identifier: Apache-2.0
#
# Type this, expect that. To be sourced with the binary's path: works in a
# folder of its own, and ends the test at the first thing that is not as
# expected, with what was typed and what came.

set -euo pipefail

binary=$(realpath "$1")
work=$(mktemp -d)
mounts=()

clean_up() {
  local code=$? mount
  for mount in "${mounts[@]}"; do
    umount -l "$mount" || true
  done
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT
leaks=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../leaks.supp")
export LSAN_OPTIONS=suppressions=$leaks:print_suppressions=0
cd "$work"
unset CHANCERY_DATA CHANCERY_PASSPHRASE CHANCERY_NEW_PASSPHRASE CHANCERY_CLIENT

chancery() { "$binary" "$@"; }

fail() {
  echo "FAILED at line ${BASH_LINENO[1]}: $1"
  echo "  typed: $typed"
  echo "  exit code: $code"
  sed 's/^/  stdout: /' out | head -20
  sed 's/^/  stderr: /' err | head -40
  exit 1
}

# expect CODE COMMAND...: runs it (chancery or any other) and keeps the exit
# code, ./out and ./err. No terminal to ask for anything.
expect() {
  local wanted=$1
  shift
  typed=$*
  code=0
  "$@" </dev/null >out 2>err || code=$?
  ((code == wanted)) || fail "expected exit code $wanted"
  if ((wanted != 0)) && [[ $1 == chancery ]]; then
    [[ $(grep -c '^chancery: ' err) -ge 1 ]] || fail 'no word on stderr'
  fi
}

works() { expect 0 "$@"; }
fails() { expect 1 "$@"; }
misused() { expect 2 "$@"; }

out_has() { grep -qE -- "$1" out || fail "stdout lacks: $1"; }
err_has() { grep -qE -- "$1" err || fail "stderr lacks: $1"; }
out_is() { [[ $(<out) == "$1" ]] || fail "stdout is not: $1"; }
no_err() { [[ ! -s err ]] || fail 'stderr is not empty'; }

# json NAME VALUE: stdout is one line of JSON, and has this member.
json() {
  [[ $(wc -l <out) == 1 && $(head -c1 out) == '{' ]] || fail 'no JSON object'
  if command -v jq >/dev/null; then
    jq -e . out >/dev/null || fail 'no valid JSON'
  fi
  grep -qF -- "\"$1\":$2" out || fail "JSON lacks \"$1\":$2"
}

# The number that JSON in a file names so, the first time.
number() { grep -oE "\"$1\":[0-9.]+" "${2:-out}" | head -1 | cut -d: -f2; }

# The text that JSON in a file names so, the first time.
text() { grep -oE "\"$1\":\"[^\"]*\"" "${2:-out}" | head -1 | cut -d'"' -f4; }

# node_answers FILE [OPTIONS]: what a node says to these lines, in ./out.
node_answers() {
  local lines=$1
  shift
  # shellcheck disable=SC2016 # the dollars are the inner shell's
  works bash -c '"$0" node --stdin "${@:2}" <"$1"' "$binary" "$lines" "$@"
}

# starts_node COMMAND...: a node in the background behind the pipe ./input, once
# it is up; its process id is $running. To be ended with ended_node.
starts_node() {
  rm -f input
  mkfifo input
  "$binary" node "$@" <input >node.out 2>node.err &
  running=$!
  exec 5>input
  for _ in {1..1200}; do
    ! grep -q 'messages in a block' node.err || return 0
    sleep 0.05
  done
  cp node.err err
  fail 'the node does not start'
}

# ended_node CODE: closes its input, and waits for it to end so.
ended_node() {
  exec 5>&-
  code=0 typed='a node behind a pipe'
  wait "$running" || code=$?
  cp node.out out
  cp node.err err
  ((code == $1)) || fail "expected exit code $1"
}

# told_to_end PID: SIGTERM, once the process watches for it (bit 14 of the
# signals that its main thread blocks); before that it would die of it, as any
# process does.
told_to_end() {
  local blocked
  for _ in {1..12000}; do
    blocked=$(grep -oP '^SigBlk:\s+\K\S+' "/proc/$1/status" 2>/dev/null) || break
    (((0x$blocked >> 14) % 2 == 0)) || break
    sleep 0.05
  done
  kill -TERM "$1"
}

say() { echo "-- $*"; }

skipped() { echo "skipped: $*"; }

# Mounts a file system at a new folder; false when that is not allowed.
try_mount() {
  local folder=${!#}
  mkdir -p "$folder"
  if ((EUID == 0)) && mount "$@" 2>/dev/null; then
    mounts+=("$work/$folder")
    return 0
  fi
  return 1
}
