#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Shows that each rule can fail: breaks one at a time in a made-up project and
# expects the rule, and no other, to find it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=rules.sh
source "$here/rules.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
spdx='// SPDX-License-Identifier: Apache-2.0'

# A sound project of two files for each folder.
sound() {
  local folder
  rm -rf "$work/project"
  mkdir -p "$work/project/actors/transport" "$work/project/tests/crypto"
  cd "$work/project"
  for folder in "${folders[@]}"; do
    mkdir -p "$folder"
    echo "$spdx" | tee "$folder/a.hpp" >"$folder/a.cpp"
  done
  cp "$here/../../.clang-format" .
  touch README.md LICENSE CMakeLists.txt CMakePresets.json
  printf '%s\n#include <lmdb.h>\n' "$spdx" >storage/lmdb.hpp
  printf '%s\n#include <botan/ecdsa.h>\n' "$spdx" >crypto/key.cpp
  printf '%s\n#include <openssl/ssl.h>\n' "$spdx" >actors/transport/tls.cpp
  printf '%s\n#include "storage/a.hpp"\n#include <caf/actor.hpp>\n' "$spdx" \
    >actors/b.cpp
}

all_rules() {
  local rule
  for rule in "${rules[@]}"; do
    "$rule" "$work/project" | sed "s/^/$rule /"
  done
}

# expect RULE PATH: exactly one finding, by that rule, at that path.
expect() {
  local found
  found=$(all_rules)
  if [[ $(wc -l <<<"$found") != 1 || $found != "$1 $2:"* ]]; then
    echo "expected $1 to find $2, got: ${found:-nothing}"
    failures=$((failures + 1))
  fi
  sound
}

# finds RULE PATH LINE...: the rule finds what these lines add to that file.
finds() {
  local rule=$1 path=$2
  shift 2
  printf '%s\n' "$@" >>"$work/project/$path"
  expect "$rule" "$path"
}

sound
found=$(all_rules)
if [[ -n $found ]]; then
  echo "a sound project is not found sound: $found"
  failures=$((failures + 1))
fi

finds arrows crypto/a.cpp '#include "storage/a.hpp"'
finds arrows crypto/a.cpp '#include "actors/a.hpp"'
finds arrows storage/a.cpp '#include "crypto/a.hpp"'
finds arrows storage/a.hpp '#include <apps/a.hpp>'
finds arrows actors/a.cpp '#include "apps/a.hpp"'
finds arrows apps/a.cpp '#include "tests/a.hpp"'
finds libraries crypto/a.cpp '#include <lmdb.h>'
finds libraries tests/a.cpp '#include <lmdb.h>'
finds libraries crypto/a.cpp '#include <caf/actor.hpp>'
finds libraries storage/a.cpp '#include <caf/actor.hpp>'
finds libraries apps/a.cpp '#include <caf/actor.hpp>'
finds libraries storage/a.cpp '#include <botan/hash.h>'
finds libraries storage/a.cpp '#include <openssl/evp.h>'
finds libraries actors/a.cpp '#include <openssl/evp.h>'
finds libraries apps/a.cpp '#include <botan/hash.h>'
finds unfinished apps/a.cpp "// TO""DO: later"

echo '// no licence' >"$work/project/apps/a.cpp"
expect licence apps/a.cpp
yes '//' | head -n 400 >>"$work/project/apps/a.cpp" || true
expect length apps/a.cpp
mkdir "$work/project/utils"
expect top_level utils
touch "$work/project/notes.txt"
expect top_level notes.txt

# Words in a comment, as clang-format leaves what it cannot break.
printf '// %s\n' "$(printf 'x%.0s' {1..80})" >>"$work/project/apps/a.cpp"
expect width apps/a.cpp
# Eighty columns of letters that take two bytes each are not too wide.
printf '// %s\n' "$(printf 'é%.0s' {1..77})" >>"$work/project/apps/a.cpp"
[[ -z $(width "$work/project") ]] || {
  echo "width counts bytes instead of columns"
  failures=$((failures + 1))
}
sound

if [[ $(clang-format --version 2>/dev/null) =~ version\ 14\. ]]; then
  finds format apps/a.cpp 'int  x ;'
else
  echo "skipped: clang-format 14 is not installed"
fi

((failures == 0)) || exit 1
echo "tidy: every rule finds what it should"
