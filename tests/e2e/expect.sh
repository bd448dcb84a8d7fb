# SPDX-License-Identifier: Apache-2.0
#
# Type this, expect that. Source it with the binary's path as $1: it works in a
# temporary folder, and ends the test at the first mismatch, with the command
# and its output.

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

# expect CODE COMMAND...: runs a command (chancery or any other) without a
# terminal; leaves its exit code in $code and its output in ./out and ./err.
expect() {
  local wanted=$1
  shift
  typed=$*
  code=0
  "$@" </dev/null >out 2>err || code=$?
  ((code == wanted)) || fail "expected exit code $wanted"
  if ((wanted != 0)) && [[ $1 == chancery ]]; then
    [[ $(grep -c '^chancery: ' err) -ge 1 ]] || fail 'no error on stderr'
  fi
}

works() { expect 0 "$@"; }
fails() { expect 1 "$@"; }
misused() { expect 2 "$@"; }

out_has() { grep -qE -- "$1" out || fail "stdout lacks: $1"; }
err_has() { grep -qE -- "$1" err || fail "stderr lacks: $1"; }
out_is() { [[ $(<out) == "$1" ]] || fail "stdout is not: $1"; }
no_err() { [[ ! -s err ]] || fail 'stderr is not empty'; }

# own_temporary: commands make their temporary folders in ./temporary, in which
# nothing_left then expects none.
own_temporary() {
  mkdir temporary
  export TMPDIR=$work/temporary
}
nothing_left() {
  [[ -z $(ls -A temporary) ]] || fail "left in TMPDIR: $(ls -A temporary)"
}

# json NAME VALUE: stdout is one line of JSON with this member.
json() {
  [[ $(wc -l <out) == 1 && $(head -c1 out) == '{' ]] \
    || fail 'stdout is not a JSON object'
  if command -v jq >/dev/null; then
    jq -e . out >/dev/null || fail 'stdout is not valid JSON'
  fi
  grep -qF -- "\"$1\":$2" out || fail "JSON lacks \"$1\":$2"
}

# number NAME [FILE]: the first number member of that name in JSON.
number() { grep -oE "\"$1\":[0-9.]+" "${2:-out}" | head -1 | cut -d: -f2; }

# text NAME [FILE]: the first string member of that name in JSON.
text() { grep -oE "\"$1\":\"[^\"]*\"" "${2:-out}" | head -1 | cut -d'"' -f4; }

# node_answers FILE [OPTIONS]: runs a node on these lines; its answers in ./out.
node_answers() {
  local lines=$1
  shift
  # shellcheck disable=SC2016 # the dollars are the inner shell's
  works bash -c '"$0" node --stdin "${@:2}" <"$1"' "$binary" "$lines" "$@"
}

# starts_node [OPTIONS]: starts a node in the background that reads the pipe
# ./input (file descriptor 5), and waits until it is up; its process id is
# $running. End it with ended_node.
starts_node() {
  rm -f input
  : >node.err # lines of an earlier node must not count
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

# ended_node CODE: closes the input and expects this exit code.
ended_node() {
  exec 5>&-
  code=0 typed='a node behind a pipe'
  wait "$running" || code=$?
  cp node.out out
  cp node.err err
  ((code == $1)) || fail "expected exit code $1"
}

# told_to_end PID: sends SIGTERM once the process handles it, that is when its
# main thread blocks it (bit 14 of SigBlk); before that, SIGTERM would kill it.
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

# try_mount OPTIONS FOLDER: mounts a file system at a new folder; false when
# that is not allowed.
try_mount() {
  local folder=${!#}
  mkdir -p "$folder"
  if ((EUID == 0)) && mount "$@" 2>/dev/null; then
    mounts+=("$work/$folder")
    return 0
  fi
  return 1
}
