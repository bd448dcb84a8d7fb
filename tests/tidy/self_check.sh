#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Shows that each rule can fail: breaks a made-up project in many places and
# expects each fault to be found, by its own rule and no other.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=rules.sh
source "$here/rules.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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

# Adds lines to a file of the project, and the finding that must come of them:
# fault RULE PATH LINE...
expected=()
fault() {
  local rule=$1 path=$2
  shift 2
  printf '%s\n' "$@" >>"$path"
  expected+=("$rule $path")
}

# The same for a new file, which begins as every file should.
finds() { fault "$1" "$2" "$spdx" "${@:3}"; }

all_rules() {
  local rule
  for rule in "${rules[@]}"; do
    "$rule" "$work/project" | sed "s/^/$rule /"
  done
}

sound
found=$(all_rules)
if [[ -n $found ]]; then
  echo "a sound project is not found sound: $found"
  exit 1
fi

# Each fault in a file of its own.
finds arrows crypto/f1.cpp '#include "storage/a.hpp"'
finds arrows crypto/f2.cpp '#include "actors/a.hpp"'
finds arrows storage/f3.cpp '#include "crypto/a.hpp"'
finds arrows storage/f4.hpp '#include <apps/a.hpp>'
finds arrows actors/f5.cpp '#include "apps/a.hpp"'
finds arrows apps/f6.cpp '#include "tests/a.hpp"'
finds libraries crypto/f7.cpp '#include <lmdb.h>'
finds libraries tests/f8.cpp '#include <lmdb.h>'
finds libraries crypto/f9.cpp '#include <caf/actor.hpp>'
finds libraries storage/g1.cpp '#include <caf/actor.hpp>'
finds libraries apps/g2.cpp '#include <caf/actor.hpp>'
finds libraries storage/g3.cpp '#include <botan/hash.h>'
finds libraries storage/g4.cpp '#include <openssl/evp.h>'
finds libraries actors/g5.cpp '#include <openssl/evp.h>'
finds libraries apps/g6.cpp '#include <botan/hash.h>'
finds libraries apps/g0.cpp '#include <CLI/CLI.hpp>'
finds named_files storage/f0.cpp '// as in nowhere.cpp and a.cpp'
finds named_files storage/e9.cpp '// as in storage/b.cpp' # it is in actors
finds unfinished apps/g7.cpp "// TO""DO: later"
fault licence apps/g8.cpp '// no licence'
fault licence apps/g9.cpp '//' '//' '//' "$spdx" # not at its top
: >apps/h0.cpp # empty
expected+=('licence apps/h0.cpp')
mapfile -t long < <(yes '//' | head -n 400)
finds length apps/h1.cpp "${long[@]}"
# Words in a comment, as clang-format leaves what it cannot break.
finds width apps/h2.cpp "// $(printf 'x%.0s' {1..80})"
if [[ $(clang-format --version 2>/dev/null) =~ version\ 14\. ]]; then
  finds format apps/h3.cpp 'int  x ;'
else
  echo "skipped: clang-format 14 is not installed"
fi
mkdir utils
expected+=('top_level utils')
fault top_level notes.txt ''

# Not faults: eighty columns of letters that take two bytes each, and a file of
# four hundred lines.
printf '%s\n' "$spdx" "// $(printf 'é%.0s' {1..77})" >apps/wide.cpp
printf '%s\n' "$spdx" "${long[@]:1}" >apps/long.cpp

if ! diff <(printf '%s\n' "${expected[@]}" | sort) \
  <(all_rules | sed -E 's/:([0-9]+)?:? .*//' | sort); then
  echo "above, < should have been found and was not; > should not have been"
  exit 1
fi
echo "tidy: every rule finds what it should"
